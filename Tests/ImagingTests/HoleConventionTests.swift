import Testing

@testable import Imaging

struct HoleConventionTests {
  private let levels = Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255])

  @Test func `the threshold is at half, whichever colour is missing`() {
    #expect(HoleConvention.white.hole(shownBy: levels).values == [0, 0, 1, 1])
    #expect(HoleConvention.black.hole(shownBy: levels).values == [1, 1, 0, 0])
  }

  @Test func `transparent pixels are missing`() {
    let picture = Picture(
      width: 4, height: 1, channels: 3, pixels: [UInt8](repeating: 9, count: 12), alpha: levels.pixels)
    #expect(HoleConvention.transparency(of: picture)?.values == [1, 1, 0, 0])
    #expect(HoleConvention.transparency(of: levels) == nil)
  }
}
