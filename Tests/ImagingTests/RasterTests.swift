import Testing

@testable import Imaging

struct RasterTests {
  private let hole = Hole(width: 4, height: 2, values: [1, 0, 0, 0, 0, 0, 1, 1])

  @Test func `Binary rasters are cropped, mirrored and padded pixel by pixel`() {
    #expect(hole.cropped(to: PixelRectangle(x: 2, y: 0, width: 2, height: 2)).values == [0, 0, 1, 1])
    #expect(hole.flippedHorizontally().values == [0, 0, 0, 1, 1, 1, 0, 0])
    #expect(lines(of: hole.reflected(toWidth: 6, height: 3)) == ["#.....", "..###.", "#....."])
  }

  @Test func `Enlarging takes the pixel under the center, as a threshold after it would`() {
    let picture = Picture.noise(width: 23, height: 17, channels: 1)
    for (width, height) in [(40, 31), (24, 17), (23, 64)] {
      let first = Hole(picture).resized(toWidth: width, height: height)
      #expect(first == Hole(picture.resized(toWidth: width, height: height, filter: .nearest)))
    }
  }

  @Test func `A pixel of a reduced hole is missing if any pixel that it covers is`() {
    // Of 7 pixels and 3, the middle one covers 2 and 1/3 to 4 and 2/3.
    for column in 0..<7 {
      let hole = Hole(width: 7, height: 7) { x, y in x == column && y == 3 }
      let reduced = hole.resized(toWidth: 3, height: 3)
      let covering = (0..<3).filter {
        Double(column + 1) > Double($0) * 7 / 3 && Double(column) < Double($0 + 1) * 7 / 3
      }
      #expect((0..<9).filter { reduced.values[$0] == 1 } == covering.map { 3 + $0 })
    }
    // One side grows, the other shrinks.
    let line = Hole(width: 2, height: 6) { x, y in x == 1 && y == 4 }
    #expect(lines(of: line.resized(toWidth: 4, height: 2)) == ["....", "..##"])
  }

  @Test func `No scratch is lost, whatever the size`() {
    let scratch = Hole(width: 512, height: 512) { x, y in x == 401 || y == 77 }
    for side in [256, 100, 64, 8] {
      let reduced = scratch.resized(toWidth: side, height: side)
      #expect((0..<side).allSatisfy { y in (0..<side).contains { reduced.isMissing(x: $0, y: y) } })
      #expect(!reduced.coversEverything && reduced.missingCount <= 4 * side)
    }
    let speck = Hole(width: 3000, height: 3000) { x, y in x == 1234 && y == 2345 }
    let isKept = speck.resizedCovering(toWidth: 64, height: 64).isMissing(x: 1234 * 64 / 3000, y: 2345 * 64 / 3000)
    #expect(isKept)
  }

  @Test func `Covering resizes to whatever has a part in the hole`() {
    var hole = Hole(width: 32, height: 32)
    hole.fillRectangle(x: 9, y: 9, width: 14, height: 14)
    let small = hole.resizedCovering(toWidth: 8, height: 8)
    #expect(lines(of: small)[4] == ".######.")
    #expect(hole.resizedCovering(toWidth: 32, height: 32) == hole)
    #expect(hole.resizedCovering(toWidth: 64, height: 64).missingCount >= 4 * 14 * 14)
  }

  @Test func `No line of an edge map is lost when it shrinks`() {
    var values = [UInt8](repeating: 0, count: 64 * 64)
    for row in 0..<64 { values[row * 64 + 21] = 1 }
    let small = EdgeMap(width: 64, height: 64, values: values).resized(toWidth: 16, height: 16)
    #expect((0..<16).allSatisfy { row in small.values[row * 16..<(row + 1) * 16].contains(1) })
  }
}

struct PixelRectangleTests {
  @Test func `neighbors that share no pixel do not intersect`() {
    let rectangle = PixelRectangle(x: 2, y: 3, width: 4, height: 5)
    #expect(!rectangle.intersects(PixelRectangle(x: 6, y: 3, width: 1, height: 5)))
    #expect(!rectangle.intersects(PixelRectangle(x: 2, y: 8, width: 4, height: 1)))
    #expect(rectangle.intersects(PixelRectangle(x: 5, y: 7, width: 9, height: 9)))
  }

  @Test func `the union covers both and no more`() {
    #expect(
      PixelRectangle(x: 2, y: 3, width: 4, height: 5).union(PixelRectangle(x: 0, y: 7, width: 1, height: 6))
        == PixelRectangle(x: 0, y: 3, width: 6, height: 10))
  }
}
