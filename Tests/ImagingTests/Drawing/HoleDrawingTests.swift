import Testing

@testable import Imaging

struct HoleShapesTests {
  @Test func `A rectangle is clipped on every side`() {
    var raster = Hole(width: 5, height: 4)
    raster.fillRectangle(x: 3, y: -2, width: 9, height: 4)
    #expect(lines(of: raster) == ["...##", "...##", ".....", "....."])
    raster.fillRectangle(x: -1, y: 3, width: 2, height: 1)
    #expect(lines(of: raster).last == "#....")
    raster.fillRectangle(x: 1, y: 1, width: 0, height: 3)
    raster.fillRectangle(x: 1, y: 1, width: 3, height: -1)
    #expect(lines(of: raster)[2] == ".....")
  }

  @Test func `Extreme rectangles neither trap nor spill`() {
    var raster = Hole(width: 3, height: 2)
    raster.fillRectangle(x: .max, y: .max, width: .max, height: .max)
    #expect(raster.missingFraction == 0)
    raster.fillRectangle(x: -1, y: -1, width: .max, height: .max)
    #expect(raster.missingFraction == 1)
  }

  @Test func `A disc is twice its radius and one pixel across`() {
    var raster = Hole(width: 7, height: 7)
    raster.fillDisc(centerX: 3, centerY: 3, radius: 2)
    #expect(lines(of: raster) == [".......", "..###..", ".#####.", ".#####.", ".#####.", "..###..", "......."])
    var point = Hole(width: 3, height: 1)
    point.fillDisc(centerX: 1, centerY: 0, radius: 0)
    #expect(point.values == [0, 1, 0])
    point.fillDisc(centerX: 0, centerY: 0, radius: -1)
    #expect(point.values == [0, 1, 0])
  }

  @Test func `A disc between pixels is symmetric about its center`() {
    var raster = Hole(width: 6, height: 6)
    raster.fillDisc(centerX: 2.5, centerY: 2.5, radius: 2)
    #expect(raster.values == raster.values.reversed())
    #expect(lines(of: raster) == ["......", ".####.", ".####.", ".####.", ".####.", "......"])
  }

  @Test func `Discs outside, huge or without a number do not trap`() {
    var raster = Hole(width: 4, height: 3)
    raster.fillDisc(centerX: 1e300, centerY: -5, radius: 3)
    raster.fillDisc(centerX: .nan, centerY: .nan, radius: .nan)
    #expect(raster.missingFraction == 0)
    raster.fillDisc(centerX: 0, centerY: 0, radius: 1e200)
    #expect(raster.missingFraction == 1)
  }
}

struct HoleStrokesTests {
  /// The first and last rows and columns that hold anything.
  private func bounds(_ raster: Hole) -> [Int] {
    let set = raster.values.indices.filter { raster.values[$0] != 0 }
    let columns = set.map { $0 % raster.width }
    let rows = set.map { $0 / raster.width }
    return [columns.min()!, columns.max()!, rows.min()!, rows.max()!]
  }

  private func segment(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, width: Double) -> Hole {
    var raster = Hole(width: 41, height: 41)
    raster.fillSegment(from: .init(x: x0, y: y0), to: .init(x: x1, y: y1), width: width)
    return raster
  }

  @Test func `Segments along the axes cover what Pillow covers`() {
    #expect(bounds(segment(5, 20, 30, 20, width: 5)) == [5, 30, 18, 22])
    #expect(bounds(segment(5, 20, 30, 20, width: 4)) == [5, 30, 19, 22])
    #expect(bounds(segment(30, 20, 5, 20, width: 4)) == [5, 30, 18, 21])
    #expect(bounds(segment(20, 5, 20, 30, width: 4)) == [19, 22, 5, 30])
    #expect(bounds(segment(20, 30, 20, 5, width: 4)) == [18, 21, 5, 30])
    #expect(segment(5, 20, 30, 20, width: 4).values.reduce(0) { $0 + Int($1) } == 26 * 4)
  }

  @Test func `A slanted segment has flat ends`() {
    var raster = Hole(width: 9, height: 9)
    raster.fillSegment(from: .init(x: 2, y: 2), to: .init(x: 6, y: 6), width: 4.3)
    #expect(
      lines(of: raster) == [
        ".........", "...##....", "..####...", ".######..", ".#######.", "..######.", "...####..", "....##...",
        ".........",
      ])
  }

  @Test func `A segment's area is its length times its width`() {
    for (x, y) in [(35.0, 12.0), (12.0, 35.0), (31.0, 30.0), (3.0, 28.0)] {
      let raster = segment(8, 8, x, y, width: 6)
      let area = Double(raster.values.reduce(0) { $0 + Int($1) })
      let length = ((x - 8) * (x - 8) + (y - 8) * (y - 8)).squareRoot()
      #expect(abs(area - length * 6) < 0.12 * area)
    }
  }

  @Test func `A segment without length is one pixel`() {
    let raster = segment(3, 4, 3, 4, width: 9)
    #expect(raster.values.reduce(0) { $0 + Int($1) } == 1)
    #expect(raster.isMissing(x: 3, y: 4))
  }

  @Test func `Segments are clipped, however far they reach`() {
    #expect(bounds(segment(-1e6, 20, 1e6, 20, width: 3)) == [0, 40, 19, 21])
    #expect(segment(100, 100, 200, 150, width: 3).missingFraction == 0)
    #expect(segment(.nan, 0, 1, .infinity, width: 3).missingFraction <= 1)
    #expect(segment(20, 20, 30, 30, width: -3).missingFraction == 0)
    #expect(segment(20, 20, 20, 20, width: 0).missingFraction == 0)
  }

  @Test func `A line through points is the union of its segments`() {
    let points = [(3.0, 3.0), (30.0, 10.0), (12.0, 35.0)].map { Hole.Point(x: $0.0, y: $0.1) }
    var line = Hole(width: 41, height: 41)
    line.fillPolyline(through: points, width: 7)
    var union = segment(3, 3, 30, 10, width: 7)
    union.formUnion(segment(30, 10, 12, 35, width: 7))
    #expect(line == union)
    var nothing = Hole(width: 41, height: 41)
    nothing.fillPolyline(through: [points[0]], width: 7)
    #expect(nothing.missingFraction == 0)
  }
}
