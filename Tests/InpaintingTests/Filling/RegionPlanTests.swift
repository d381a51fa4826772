import Imaging
import Tensors
import Testing

@testable import Inpainting
@testable import Support

struct RegionPlanTests {
  @Test func `holes far apart are separate regions, from the top to the bottom`() {
    let hole = Hole.hole(
      width: 300, height: 200, PixelRectangle(250, 150, 4, 4), PixelRectangle(30, 150, 4, 4),
      PixelRectangle(120, 20, 4, 4))
    let targets = RegionPlan(of: hole, trainedSize: 32).regions.map(\.target)
    #expect(
      targets == [PixelRectangle(120, 20, 4, 4), PixelRectangle(30, 150, 4, 4), PixelRectangle(250, 150, 4, 4)])
  }

  @Test func `holes whose views overlap are one region`() {
    let hole = Hole.hole(width: 300, height: 200, PixelRectangle(100, 100, 4, 4), PixelRectangle(108, 100, 4, 4))
    #expect(RegionPlan(of: hole, trainedSize: 32).regions.map(\.target) == [PixelRectangle(100, 100, 12, 4)])
  }

  @Test func `a join that makes a view larger joins what it then overlaps`() {
    // The first two make a view of 48 pixels, which reaches the third; its own view would not reach either.
    let hole = Hole.hole(
      width: 300, height: 200, PixelRectangle(100, 100, 12, 12), PixelRectangle(116, 104, 8, 8),
      PixelRectangle(108, 136, 4, 4))
    #expect(RegionPlan(of: hole, trainedSize: 32).regions.count < 3)
    #expect(RegionPlan(of: hole, trainedSize: 32).regions.first?.target.y == 100)
  }

  @Test func `a thin line across the picture is filled at full resolution, piece by piece`() {
    let hole = Hole.hole(width: 1000, height: 300, PixelRectangle(0, 120, 1000, 3))
    let regions = RegionPlan(of: hole, trainedSize: 64).regions
    #expect(regions.count > 20)
    #expect(regions.allSatisfy { $0.fillSize(trainedSize: 64) == ($0.view.width, $0.view.height) })
    #expect(regions.map(\.target.x) == regions.map(\.target.x).sorted())
  }

  @Test func `a blob stays in one piece although it is larger than the trained size`() {
    let hole = Hole.hole(width: 1000, height: 300, PixelRectangle(400, 50, 200, 150))
    let regions = RegionPlan(of: hole, trainedSize: 64).regions
    #expect(regions.map(\.target) == [PixelRectangle(400, 50, 200, 150)])
  }

  @Test func `two blobs that belong together are cut between them`() {
    let hole = Hole.hole(
      width: 1000, height: 300, PixelRectangle(300, 100, 60, 60), PixelRectangle(400, 100, 60, 60))
    let regions = RegionPlan(of: hole, trainedSize: 64).regions
    #expect(regions.map(\.target) == [PixelRectangle(300, 100, 60, 60), PixelRectangle(400, 100, 60, 60)])
  }

  @Test func `an empty hole has no regions, a full one has one`() {
    #expect(RegionPlan(of: .hole("...", "..."), trainedSize: 8).regions.isEmpty)
    #expect(RegionPlan(of: .hole("##", "##"), trainedSize: 1).regions.map(\.target) == [PixelRectangle(0, 0, 2, 2)])
  }

  @Test func `every missing pixel is in exactly one target`() {
    var random = RandomStream(seed: 5, purpose: "plans")
    for _ in 0..<200 {
      let (width, height) = (random.integer(in: 1...90), random.integer(in: 1...90))
      var hole = random.hole(width: width, height: height)
      for region in RegionPlan(of: hole, trainedSize: random.integer(in: 1...24)).regions {
        #expect(hole.missingBounds(in: region.target) == region.target)
        hole.clear(region.target)
      }
      #expect(hole.isEmpty)
    }
  }
}

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
