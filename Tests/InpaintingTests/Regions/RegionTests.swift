import Imaging
import Tensors
import Testing

@testable import Inpainting
@testable import Support

struct RegionTests {
  private let bounds = PixelRectangle(0, 0, 1000, 700)

  @Test func `a small hole is seen in the middle of a view of the trained size`() {
    let region = Region(around: PixelRectangle(500, 300, 20, 10), in: bounds, trainedSize: 256)
    #expect(region.view == PixelRectangle(382, 177, 256, 256))
    #expect(region.fillSize(trainedSize: 256) == (256, 256))
  }

  @Test func `a large hole takes half of a view that is scaled down`() {
    let region = Region(around: PixelRectangle(300, 200, 200, 100), in: bounds, trainedSize: 256)
    #expect(region.view == PixelRectangle(200, 50, 400, 400))
    #expect(region.fillSize(trainedSize: 256) == (256, 256))
  }

  @Test func `near a border the view stays within the picture`() {
    let region = Region(around: PixelRectangle(990, 0, 10, 5), in: bounds, trainedSize: 256)
    #expect(region.view == PixelRectangle(744, 0, 256, 256))
  }

  @Test func `a view is no larger than the picture and keeps its proportions`() {
    let region = Region(around: PixelRectangle(0, 100, 1000, 500), in: bounds, trainedSize: 256)
    #expect(region.view == bounds)
    #expect(region.fillSize(trainedSize: 256) == (256, 179))
    let line = Region(around: PixelRectangle(0, 0, 1000, 1), in: PixelRectangle(0, 0, 1000, 1), trainedSize: 256)
    #expect(line.fillSize(trainedSize: 256) == (256, 1))
  }

  @Test func `every view holds its target and lies in its picture`() {
    var random = RandomStream(seed: 1, purpose: "regions")
    for _ in 0..<1000 {
      let bounds = PixelRectangle(0, 0, random.integer(in: 1...60), random.integer(in: 1...60))
      let (x, y) = (random.integer(in: 0..<bounds.width), random.integer(in: 0..<bounds.height))
      let target = PixelRectangle(
        x, y, random.integer(in: 1...bounds.width - x), random.integer(in: 1...bounds.height - y))
      let view = Region(around: target, in: bounds, trainedSize: random.integer(in: 1...40)).view
      #expect(view.union(target) == view)
      #expect(bounds.union(view) == bounds)
    }
  }
}
