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
