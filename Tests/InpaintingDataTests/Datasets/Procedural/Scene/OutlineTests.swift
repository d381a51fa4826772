import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct OutlineTests {
  @Test func `Distances are exact beside simple borders`() {
    let disc = Outline.disc(radii: Point(0.5, 0.5))
    #expect(abs(disc.distance(at: Point(0.8, 0)) - 0.3) < 1e-5)
    #expect(abs(disc.distance(at: Point(0, 0.4)) + 0.1) < 1e-5)
    let box = Outline.box(half: Point(0.4, 0.2), corner: 0.05)
    #expect(abs(box.distance(at: Point(0.5, 0)) - 0.1) < 1e-5)
    #expect(abs(box.distance(at: Point(0, -0.15)) + 0.05) < 1e-5)
    let leaf = Outline.leaf(reach: 0.5, bend: 0.3, radius: (0.34 as Float).squareRoot())
    #expect(abs(leaf.distance(at: Point(0, 0.5))) < 1e-5)
    #expect(abs(leaf.distance(at: Point(0, 0.9)) - 0.4) < 1e-5)
  }

  @Test func `No form reaches farther than it says`() {
    for index in 0..<200 {
      var stream = RandomStream(seed: 1, purpose: "test", step: index)
      let outline = Outline(radius: 0.3, using: &stream)
      for _ in 0..<200 {
        let point = Point(Float(stream.uniform(-1..<1)), Float(stream.uniform(-1..<1)))
        if outline.distance(at: point) < 0 { #expect(point.length <= outline.reach + 1e-4) }
      }
    }
  }
}
