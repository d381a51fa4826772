import Testing

@testable import Imaging

struct OrientingTests {
  /// 3x2: a b c / d e f.
  private let picture = Picture(
    width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6], alpha: [10, 20, 30, 40, 50, 60])

  @Test(
    "Every orientation puts pixels where EXIF says",
    arguments: [
      (Orientation.upright, 3, [1, 2, 3, 4, 5, 6]), (.mirrored, 3, [3, 2, 1, 6, 5, 4]),
      (.halfTurn, 3, [6, 5, 4, 3, 2, 1]), (.flipped, 3, [4, 5, 6, 1, 2, 3]), (.transposed, 2, [1, 4, 2, 5, 3, 6]),
      (.quarterTurn, 2, [4, 1, 5, 2, 6, 3]), (.transverse, 2, [6, 3, 5, 2, 4, 1]),
      (.threeQuarterTurn, 2, [3, 6, 2, 5, 1, 4]),
    ] as [(Orientation, Int, [UInt8])])
  func oriented(orientation: Orientation, width: Int, pixels: [UInt8]) {
    let turned = picture.oriented(orientation)
    #expect((turned.width, turned.height) == (width, 6 / width))
    #expect(turned.pixels == pixels)
    #expect(turned.alpha == pixels.map { $0 * 10 })
  }

  @Test func `Channels stay together`() {
    let colors = Picture.noise(width: 5, height: 4, channels: 3)
    let turned = colors.oriented(.quarterTurn)
    #expect(turned.pixel(0, 0) == colors.pixel(0, 3))
    #expect(turned.pixel(3, 4) == colors.pixel(4, 0))
    #expect(colors.flippedHorizontally().pixel(1, 2) == colors.pixel(3, 2))
  }
}
