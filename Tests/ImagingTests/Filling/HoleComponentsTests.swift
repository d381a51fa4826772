import Testing

@testable import Imaging
@testable import Support

struct HoleComponentsTests {
  @Test func `corners hang together, and parts that meet further down are one`() {
    let hole = Hole.hole(
      "#...#..#",
      "#...#.#.",
      ".#.#....",
      "..#....#")
    #expect(
      HoleComponents(of: hole).boxes == [
        PixelRectangle(0, 0, 5, 4), PixelRectangle(6, 0, 2, 2), PixelRectangle(7, 3, 1, 1),
      ])
  }

  @Test func `an empty hole has no parts`() {
    #expect(HoleComponents(of: .hole("...", "...")).boxes.isEmpty)
  }

  @Test func `random holes have the parts that flooding finds`() {
    var random = RandomStream(seed: 3, purpose: "holes")
    for _ in 0..<200 {
      let (width, height) = (random.integer(in: 1...12), random.integer(in: 1...12))
      let density = random.uniform(0.1..<0.7)
      let hole = Hole(
        width: width, height: height, values: (0..<width * height).map { _ in random.chance(density) ? 1 : 0 })
      #expect(HoleComponents(of: hole).boxes == flooded(hole))
    }
  }

  /// Parts by flooding from each pixel that no flood has reached, row by row.
  private func flooded(_ hole: Hole) -> [PixelRectangle] {
    var rest = hole.values
    var boxes: [PixelRectangle] = []
    for start in rest.indices where rest[start] != 0 {
      var box = PixelRectangle(start % hole.width, start / hole.width, 1, 1)
      var open = [(start % hole.width, start / hole.width)]
      while let (x, y) = open.popLast() {
        guard (0..<hole.width).contains(x), (0..<hole.height).contains(y), rest[y * hole.width + x] != 0 else {
          continue
        }
        rest[y * hole.width + x] = 0
        box = box.union(PixelRectangle(x, y, 1, 1))
        for dy in -1...1 { for dx in -1...1 { open.append((x + dx, y + dy)) } }
      }
      boxes.append(box)
    }
    return boxes
  }
}

struct HoleShapeTests {
  private let hole = Hole.hole(
    "........",
    ".###..#.",
    ".####...",
    ".###....",
    ".....###")

  @Test func `the bounds of a part leave out what lies beside it`() {
    #expect(hole.missingBounds(in: PixelRectangle(0, 0, 8, 5)) == PixelRectangle(1, 1, 7, 4))
    #expect(hole.missingBounds(in: PixelRectangle(4, 0, 3, 4)) == PixelRectangle(4, 1, 3, 2))
    #expect(hole.missingBounds(in: PixelRectangle(0, 0, 8, 1)) == nil)
  }

  @Test func `thickness is the side of the largest square inside`() {
    #expect(hole.thickness(in: PixelRectangle(0, 0, 8, 5)) == 3)
    #expect(hole.thickness(in: PixelRectangle(2, 0, 6, 5)) == 2)
    #expect(hole.thickness(in: PixelRectangle(5, 0, 3, 5)) == 1)
    #expect(hole.thickness(in: PixelRectangle(5, 2, 3, 2)) == 0)
    #expect(Hole.hole(".##", "###", "###").thickness(in: PixelRectangle(0, 0, 3, 3)) == 2)
    #expect(Hole.hole(".#", "##").thickness(in: PixelRectangle(0, 0, 2, 2)) == 1)
  }

  @Test func `missing pixels are counted in columns and in rows of a part`() {
    #expect(hole.missingCounts(ofColumnsIn: PixelRectangle(3, 1, 4, 3)) == [3, 1, 0, 1])
    #expect(hole.missingCounts(ofRowsIn: PixelRectangle(3, 1, 4, 3)) == [2, 2, 1])
  }
}
