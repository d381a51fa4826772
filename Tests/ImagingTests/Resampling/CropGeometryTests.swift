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
