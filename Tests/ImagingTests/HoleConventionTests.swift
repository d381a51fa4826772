import Testing

@testable import Imaging

struct HoleConventionTests {
  @Test func `transparent pixels are missing`() {
    let opacities: [UInt8] = [0, 127, 128, 255]
    let picture = Picture(
      width: 4, height: 1, channels: 3, pixels: [UInt8](repeating: 9, count: 12), alpha: opacities)
    #expect(HoleConvention.transparency(of: picture)?.values == [1, 1, 0, 0])
    #expect(HoleConvention.transparency(of: Picture(width: 4, height: 1, channels: 1, pixels: opacities)) == nil)
  }
}
