import TestSupport
import Testing

@testable import Tensors

@Suite struct InstanceNormalizationTests {
  /// Those of torch.nn.functional.instance_norm and leaky_relu in float64.
  @Test func `values agree with PyTorch's`() {
    let found = instanceNormalized(.wave([2, 3, 4, 2], frequency: 1.3), activation: .leakyReLU(slope: 0.2))
    let first: [Scalar] = [
      0.13043734978152632, 1.369997943781772, 0.6007911181979165, -0.21046180014428373, -0.2416102158699078,
      0.4330423799605288,
    ]
    #expect(largestDifference(Array(found.elements.prefix(6)), first) < tolerance(1e-5, 1e-14))
    #expect(abs(Double(found.elements[47]) + 0.2785839963202651) < tolerance(1e-5, 1e-14))
    #expect(abs(Double(found.sum().scalar) - 17.18319531166933) < tolerance(1e-4, 1e-12))
  }

  @Test func `each picture is normalized by itself, as in a batch of one`() {
    let x = Tensor.noise("x", [3, 20, 30, 5])
    let all = instanceNormalized(x)
    for sample in 0..<3 {
      let one = x.sliced(axis: 0, sample..<sample + 1)
      let expected = batchNormalized(one, weight: .ones([5]), bias: .zeros([5]), epsilon: 1e-5).value
      #expect(areIdentical(all.sliced(axis: 0, sample..<sample + 1).elements, expected.elements))
    }
  }

  /// Many blocks of pixels; the second derivative goes through the formula, the first does not.
  @Test(arguments: [Activation.identity, .relu, .leakyReLU(slope: 0.2), .elu])
  func `the gradient in passing is that of the formula`(activation: Activation) {
    let x = Tensor.noise("x", [2, 30, 23, 24])
    let cotangent = Tensor.noise("cotangent", x.shape)
    func slope() -> Tensor {
      gradient(at: x) { (instanceNormalized($0, epsilon: 0.1, activation: activation) * cotangent).sum() }
    }
    var formula: Tensor?
    Tape(watching: []).record { formula = slope() }
    #expect(formula.map { slope().largestDifference(from: $0) < tolerance(2e-3, 1e-10) } == true)
  }
}
