import Testing

@testable import Imaging

struct CropGeometryTests {
  @Test func `Every raster is cut at the same place, resized by its own filter, and mirrored`() {
    let picture = Picture.noise(width: 9, height: 7, channels: 3, hasAlpha: true)
    let part = PixelRectangle(x: 2, y: 1, width: 6, height: 4)
    let geometry = CropGeometry(of: part, width: 3, height: 2, isFlipped: true)
    #expect(
      geometry.applied(to: picture)
        == picture.cropped(to: part).resized(toWidth: 3, height: 2, filter: .bilinear).flippedHorizontally())
    var hole = Hole(width: 9, height: 7)
    // Under the center of the part's upper left third, which becomes the upper right.
    hole.fillRectangle(x: 3, y: 2, width: 1, height: 1)
    #expect(lines(of: geometry.applied(to: hole)) == ["..#", "..."])
    let straight = CropGeometry(of: part, width: 3, height: 2)
    #expect(lines(of: straight.applied(to: hole)) == ["#..", "..."])
  }

  @Test func `The whole at its own size is itself`() {
    let picture = Picture.noise(width: 5, height: 4, channels: 3)
    let geometry = CropGeometry(of: PixelRectangle(x: 0, y: 0, width: 5, height: 4), width: 5, height: 4)
    #expect(geometry.applied(to: picture) == picture)
  }

  @Test func `The square in the middle is as large as the shorter side`() {
    let wide = CropGeometry.centeredSquare(ofWidth: 61, height: 40, size: 8)
    #expect(wide.part == PixelRectangle(x: 10, y: 0, width: 40, height: 40) && (wide.width, wide.height) == (8, 8))
    let tall = CropGeometry.centeredSquare(ofWidth: 40, height: 60, size: 8, isFlipped: true)
    #expect(tall.part == PixelRectangle(x: 0, y: 10, width: 40, height: 40) && tall.isFlipped)
  }

  @Test func `A part beyond the raster is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = CropGeometry(of: PixelRectangle(x: 1, y: 0, width: 3, height: 2), width: 3, height: 2)
        .applied(to: Hole(width: 3, height: 2))
    }
  }
}

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
