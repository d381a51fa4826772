import Testing

@testable import Imaging

struct CannyDetectorTests {
  @Test(arguments: EdgeReference.all)
  func `Edges are those that scikit-image finds`(reference: EdgeReference) {
    let edges = CannyDetector().edges(of: reference.picture)
    #expect(EdgeReference.differences(of: edges, from: reference.canny) == 0)
    let fine = CannyDetector(sigma: 1, low: 0.3, high: 0.6).edges(of: reference.picture)
    #expect(EdgeReference.differences(of: fine, from: reference.fineCanny) == 0)
    #expect(edges.count > 100 && fine.count > 100)
  }

  @Test func `Thresholds are of the gradient, from the low one on where a high one is near`() {
    let step = Picture(width: 40, height: 24) { x, _, _ in x < 20 ? 100 : 140 }
    let strong = CannyDetector(low: 0.1, high: 0.2).edges(of: step)
    #expect((1...22).allSatisfy { y in strong.values[y * 40 + 19] == 1 || strong.values[y * 40 + 20] == 1 })
    #expect(strong.values.indices.allSatisfy { strong.values[$0] == 0 || [19, 20].contains($0 % 40) })
    #expect(CannyDetector(low: 0.1, high: 0.9).edges(of: step).count == 0)
    // The contrast grows from above to below: only the lower end is high, and all that is low hangs together with it.
    let fading = Picture(width: 40, height: 60) { x, y, _ in x < 20 ? 100 : 100 + 2 * y }
    let (seeds, grown) = (
      CannyDetector(low: 0.4, high: 0.4).edges(of: fading), CannyDetector(low: 0.1, high: 0.4).edges(of: fading)
    )
    #expect(seeds.count > 0 && grown.count > seeds.count + 15)
    #expect(grown.components.count == 1)
  }

  @Test func `Even ground and pictures of a few pixels have no edges`() {
    #expect(CannyDetector(low: 0, high: 0).edges(of: Picture(width: 9, height: 9, filledWith: [7, 7, 7])).count == 0)
    for (width, height) in [(1, 1), (2, 9), (9, 1), (3, 3)] {
      let edges = CannyDetector(sigma: 0, low: 0, high: 0).edges(of: .noise(width: width, height: height, channels: 3))
      #expect(edges.width == width && edges.height == height && edges.count <= (width == 3 ? 1 : 0))
    }
  }

  @Test func `Gray pictures of one channel and of three have the same edges`() {
    let gray = EdgeReference.all[0].picture.gray()
    #expect(CannyDetector().edges(of: gray) == CannyDetector().edges(of: gray.rgb()))
  }
}
