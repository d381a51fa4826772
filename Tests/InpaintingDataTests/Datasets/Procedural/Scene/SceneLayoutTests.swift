import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct SceneLayoutTests {
  @Test func `Radii have a density of r^-3`() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let radii = (0..<20_000).map { _ in SceneLayout.radius(from: 0.01, to: 0.16, using: &stream) }
    #expect(radii.allSatisfy { (0.01...0.16).contains($0) })
    // Twice the radius, a quarter of the objects above it.
    let above = [0.02, 0.04, 0.08].map { limit in Double(radii.filter { $0 > limit }.count) / 20_000 }
    let expected = [0.02, 0.04, 0.08].map { (1e-4 / ($0 * $0) - 1.0 / 256) / (1 - 1.0 / 256) }
    for (found, wanted) in zip(above, expected) { #expect(abs(found - wanted) < 0.01) }
  }
}
