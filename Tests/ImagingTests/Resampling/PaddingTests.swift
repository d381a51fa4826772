import Testing

@testable import Imaging

struct PaddingTests {
  @Test func `Reflection does not repeat the border and goes on as often as needed`() {
    #expect(Picture.reflectedPositions(of: 5, count: 8) == [0, 1, 2, 3, 4, 3, 2, 1])
    #expect(Picture.reflectedPositions(of: 3, count: 8) == [0, 1, 2, 1, 0, 1, 2, 1])
    #expect(Picture.reflectedPositions(of: 2, count: 4) == [0, 1, 0, 1])
    #expect(Picture.reflectedPositions(of: 1, count: 4) == [0, 0, 0, 0])
    #expect(Picture.reflectedPositions(of: 4, count: 4) == [0, 1, 2, 3])
  }

  @Test func `Pixels and opacities are reflected to the right and below`() {
    let picture = Picture.noise(width: 3, height: 2, channels: 3, hasAlpha: true)
    let padded = picture.reflected(toWidth: 8, height: 5)
    #expect((padded.width, padded.height, padded.channels) == (8, 5, 3))
    for y in 0..<5 {
      for x in 0..<8 {
        let (column, row) = ([0, 1, 2, 1, 0, 1, 2, 1][x], [0, 1, 0, 1, 0][y])
        #expect(padded.pixel(x, y) == picture.pixel(column, row))
        #expect(padded.alpha![y * 8 + x] == picture.alpha![row * 3 + column])
      }
    }
    #expect(picture.reflected(toWidth: 3, height: 2) == picture)
  }

  @Test func `A size that is too small is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = Picture(width: 3, height: 2, filledWith: [1]).reflected(toWidth: 2, height: 4)
    }
  }
}
