import TestSupport
import Testing

@testable import Tensors

@Suite struct LogSoftmaxTests {
  @Test func `it is the logarithm of the softmax`() {
    let x = Tensor.wave([3, 4, 21], frequency: 1.1, scale: 3)
    #expect(logSoftmax(x).largestDifference(from: log(softmax(x))) < tolerance(2e-6, 1e-14))
  }

  @Test func `huge scores overflow nowhere, and a probability of nearly 0 keeps its logarithm and its slope`() {
    let found = logSoftmax(Tensor([1000, 0, -1000, 1e30, 0, 0], shape: [2, 3]))
    #expect(largestDifference(Array(found.elements.prefix(3)), [0, -1000, -2000]) < 1e-3)
    #expect(found.isFinite && found.elements[3] == 0)
    let slope = gradient(at: Tensor([1000, 0], shape: [2])) { logSoftmax($0).sliced(axis: 0, 1..<2).sum() }
    #expect(slope.elements == [-1, 1])
  }

  /// The second derivative goes through the formula, the first does not.
  @Test func `the gradient in passing is that of the formula`() {
    let x = Tensor.noise("x", [50, 19], scale: 4)
    let cotangent = Tensor.noise("cotangent", x.shape)
    let found = gradient(at: x) { (logSoftmax($0) * cotangent).sum() }
    let expected = gradient(at: x) { ((log(exp($0) / exp($0).sum(axes: [1]))) * cotangent).sum() }
    #expect(found.largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }
}
