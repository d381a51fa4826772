import Testing

@testable import Imaging

struct CroppingTests {
  @Test func `A part has the pixels and opacities of its place`() {
    let picture = Picture.noise(width: 7, height: 6, channels: 3, hasAlpha: true)
    let part = picture.cropped(to: PixelRectangle(x: 2, y: 1, width: 4, height: 5))
    #expect((part.width, part.height, part.channels) == (4, 5, 3))
    for y in 0..<5 {
      for x in 0..<4 {
        #expect(part.pixel(x, y) == picture.pixel(x + 2, y + 1))
        #expect(part.alpha![y * 4 + x] == picture.alpha![(y + 1) * 7 + x + 2])
      }
    }
  }

  @Test func `The whole is a part of itself`() {
    let picture = Picture.noise(width: 3, height: 2, channels: 1)
    #expect(picture.cropped(to: PixelRectangle(x: 0, y: 0, width: 3, height: 2)) == picture)
  }

  @Test func `A part that sticks out is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = Picture.noise(width: 3, height: 2, channels: 1).cropped(to: PixelRectangle(x: 1, y: 0, width: 3, height: 2))
    }
  }
}
