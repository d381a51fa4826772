import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct GramMatrixTests {
  @Test func `each element is the sum of two channels' products, divided by all sizes`() {
    let features = Tensor.wave([2, 3, 2, 4])
    let found = gramMatrix(features)
    #expect(found.shape == [2, 4, 4])
    for (sample, i, j) in [(0, 0, 0), (0, 1, 3), (1, 3, 1), (1, 2, 2)] {
      var sum: Scalar = 0
      for y in 0..<3 { for x in 0..<2 { sum += features[sample, y, x, i] * features[sample, y, x, j] } }
      #expect(abs(found[sample, i, j] - sum / 24) < 1e-6)
    }
  }

  @Test func `its gradient agrees with finite differences`() {
    #expect(GradientCheck.largestError(at: [.wave([1, 2, 3, 2])]) { gramMatrix($0[0]) } < GradientCheck.tolerance)
  }
}
