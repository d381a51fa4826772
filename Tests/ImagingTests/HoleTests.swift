import Testing

@testable import Imaging

struct HoleTests {
  @Test func `White from 128 on is missing`() {
    let hole = Hole(Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255]))
    #expect(hole.values == [0, 0, 1, 1])
    #expect(hole.missingFraction == 0.5)
    #expect(hole.picture.pixels == [0, 0, 255, 255])
    #expect(!hole.isMissing(x: 1, y: 0))
    #expect(hole.isMissing(x: 2, y: 0))
  }

  @Test func `Colors count by their brightest channel`() {
    let hole = Hole(Picture(width: 3, height: 1, channels: 3, pixels: [255, 0, 0, 0, 0, 128, 100, 100, 100]))
    #expect(hole.values == [1, 1, 0])
  }

  @Test func `An empty hole and one that covers everything know it`() {
    var hole = Hole(width: 3, height: 2)
    #expect(hole.isEmpty && !hole.coversEverything && hole.missingCount == 0)
    hole.fillRectangle(x: 1, y: 0, width: 1, height: 2)
    #expect(!hole.isEmpty && !hole.coversEverything && hole.missingCount == 2)
    hole.fillRectangle(x: 0, y: 0, width: 3, height: 2)
    #expect(!hole.isEmpty && hole.coversEverything && hole.missingCount == 6)
  }

  @Test func `Clearing stays within its rectangle`() {
    var hole = Hole(width: 3, height: 3, values: [UInt8](repeating: 1, count: 9))
    hole.clear(PixelRectangle(x: 1, y: 0, width: 2, height: 2))
    #expect(lines(of: hole) == ["#..", "#..", "###"])
  }

  @Test func `Other values than 0 and 1, or too few, are a programmer's error`() async {
    await #expect(processExitsWith: .failure) { _ = Hole(width: 2, height: 1, values: [0, 255]) }
    await #expect(processExitsWith: .failure) { _ = Hole(width: 2, height: 1, values: [0]) }
  }

  @Test func `A union has the pixels of both`() {
    var hole = Hole(width: 4, height: 1)
    hole.fillRectangle(x: 0, y: 0, width: 2, height: 1)
    var other = Hole(width: 4, height: 1)
    other.fillRectangle(x: 1, y: 0, width: 2, height: 1)
    hole.formUnion(other)
    #expect(hole.values == [1, 1, 1, 0])
  }

  @Test func `a function of columns and rows says which pixels are missing`() {
    let hole = Hole(width: 3, height: 2) { x, y in x == 2 && y == 1 }
    #expect(hole.values == [0, 0, 0, 0, 0, 1])
  }
}
