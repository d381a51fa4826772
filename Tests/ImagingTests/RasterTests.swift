import Testing

@testable import Imaging

struct RasterTests {
  private let hole = Hole(width: 4, height: 2, values: [1, 0, 0, 0, 0, 0, 1, 1])

  @Test func `Binary rasters are cropped, mirrored and padded pixel by pixel`() {
    #expect(hole.cropped(to: PixelRectangle(x: 2, y: 0, width: 2, height: 2)).values == [0, 0, 1, 1])
    #expect(hole.flippedHorizontally().values == [0, 0, 0, 1, 1, 1, 0, 0])
    #expect(lines(of: hole.reflected(toWidth: 6, height: 3)) == ["#.....", "..###.", "#....."])
  }

  @Test func `Resizing takes the pixel under the center, as a threshold after it would`() {
    let picture = Picture.noise(width: 23, height: 17, channels: 1)
    for (width, height) in [(7, 5), (40, 31), (23, 3), (1, 1)] {
      let first = Hole(picture).resized(toWidth: width, height: height)
      #expect(first == Hole(picture.resized(toWidth: width, height: height, filter: .nearest)))
    }
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
    #expect(EdgeMap(Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255])).values == [0, 0, 1, 1])
  }
}
