import NeuralNetworks
import Tensors
import Testing

@Suite struct GradientClippingTests {
  static let gradients = [Tensor([3, 0], shape: [2]), Tensor([-4], shape: [1])]

  private func clipped(_ clipping: GradientClipping) -> [[Scalar]] { clipping(Self.gradients).map(\.elements) }

  @Test func `the global norm is that of all gradients together`() {
    #expect(Self.gradients.globalNorm == 5)
    #expect(clipped(.globalNorm(2.5)) == [[1.5, 0], [-2]])
    #expect(clipped(.globalNorm(5)) == [[3, 0], [-4]])
  }

  @Test func `values are held one by one`() {
    #expect(clipped(.value(3.5)) == [[3, 0], [-3.5]])
  }

  @Test func `no limit leaves all as it is`() {
    #expect(clipped(.none) == [[3, 0], [-4]])
  }

  @Test func `what is not finite stays visible`() {
    let broken = [Tensor([1, .nan], shape: [2])]
    #expect(GradientClipping.globalNorm(1)(broken)[0].elements.contains { $0.isNaN })
    #expect(GradientClipping.value(1)(broken)[0].elements.contains { $0.isNaN })
    let infinite = [Tensor([1, .infinity], shape: [2])]
    #expect(GradientClipping.globalNorm(1)(infinite)[0].elements.contains { !$0.isFinite })
  }
}
