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
