import Testing

@testable import Imaging

struct ChannelConversionTests {
  @Test func `Brightness is weighted as in BT601`() {
    let picture = Picture(
      width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 90])
    #expect(picture.grey().pixels == [76, 150, 29, 131])
  }

  @Test func `Grey survives the way through RGB`() {
    let picture = Picture(width: 256, height: 1, channels: 1, pixels: [UInt8](0...255))
    #expect(picture.rgb().pixel(7, 0) == [7, 7, 7])
    #expect(picture.rgb().grey() == picture)
  }

  @Test func `Opacities are kept`() {
    let picture = Picture.noise(width: 4, height: 3, channels: 3, hasAlpha: true)
    #expect(picture.grey().alpha == picture.alpha)
    #expect(picture.grey().rgb().alpha == picture.alpha)
  }
}
