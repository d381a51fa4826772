import TestSupport
import Testing

@testable import Tensors

@Suite struct DotProductTests {
  @Test func `it is the sum of the products`() {
    let (x, y) = (Tensor.wave([3, 4]), Tensor.wave([3, 4], frequency: 0.9))
    #expect(abs(dot(x, y).scalar - (x * y).sum().scalar) < Scalar(tolerance(1e-6, 1e-14)))
    #expect(dot(x, y).shape.isEmpty)
  }
}
