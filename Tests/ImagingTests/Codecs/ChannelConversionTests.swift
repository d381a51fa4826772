import Testing

@testable import Imaging

struct ChannelConversionTests {
  @Test func `Brightness is weighted as in BT601`() {
    let picture = Picture(
      width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 90])
    #expect(picture.gray().pixels == [76, 150, 29, 131])
  }

  @Test func `Gray survives the way through RGB`() {
    let picture = Picture(width: 256, height: 1, channels: 1, pixels: [UInt8](0...255))
    #expect(picture.rgb().pixel(7, 0) == [7, 7, 7])
    #expect(picture.rgb().gray() == picture)
  }

  @Test func `Opacities are kept`() {
    let picture = Picture.noise(width: 4, height: 3, channels: 3, hasAlpha: true)
    #expect(picture.gray().alpha == picture.alpha)
    #expect(picture.gray().rgb().alpha == picture.alpha)
  }
}
