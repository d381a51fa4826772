import Testing

@testable import Imaging

struct HoleRasterTests {
  @Test func `White from 128 on is missing`() {
    let raster = HoleRaster(Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255]))
    #expect(raster.values == [0, 0, 1, 1])
    #expect(raster.missingFraction == 0.5)
    #expect(raster.picture.pixels == [0, 0, 255, 255])
    #expect(!raster.isMissing(x: 1, y: 0))
    #expect(raster.isMissing(x: 2, y: 0))
  }

  @Test func `Colours count by their brightness`() {
    let raster = HoleRaster(Picture(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0]))
    #expect(raster.values == [0, 1])
  }

  @Test func `A union has the pixels of both`() {
    var raster = HoleRaster(width: 4, height: 1)
    raster.fillRectangle(x: 0, y: 0, width: 2, height: 1)
    var other = HoleRaster(width: 4, height: 1)
    other.fillRectangle(x: 1, y: 0, width: 2, height: 1)
    raster.formUnion(other)
    #expect(raster.values == [1, 1, 1, 0])
  }
}
