import Support
import TestSupport
import Testing

@testable import Tensors

@Suite struct RandomValuesTests {
  @Test func `elements are the stream's numbers in row-major order`() {
    var stream = RandomStream(seed: 3, purpose: "values")
    var same = stream
    let uniform = Tensor.uniform([2, 3], in: -1..<3, from: &stream)
    #expect(uniform.elements == (0..<6).map { _ in Scalar(same.uniform(-1..<3)) })
    let normal = Tensor.normal([4], deviation: 2, from: &stream)
    #expect(normal.elements == (0..<4).map { _ in Scalar(2 * same.normal()) })
    #expect(stream.next() == same.next())
  }

  @Test func `samples beyond two standard deviations are drawn again`() {
    var stream = RandomStream(seed: 4, purpose: "values")
    let values = Tensor.truncatedNormal([4000], deviation: 0.5, from: &stream).elements
    #expect(values.allSatisfy { Swift.abs($0) <= 1 } && values.contains { Swift.abs($0) > 0.95 })
  }
}
