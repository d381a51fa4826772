import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct BlockedAttentionTests {
  private let inputs = [Tensor.wave([2, 7, 3]), .wave([2, 5, 3], phase: 1), .wave([2, 5, 4], phase: 2)]

  /// - Parameter rows: The largest number of queries of a block.
  private func drawn(_ inputs: [Tensor], rows: Int) -> Tensor {
    BlockedAttention(bytes: rows * 2 * 5 * MemoryLayout<Scalar>.stride)(inputs[0], inputs[1], inputs[2]) {
      softmax(matmul($0, $1, transposeRight: true))
    }
  }

  @Test(arguments: [1, 3, 6])
  func `blocks give what the whole gives`(_ rows: Int) {
    #expect(drawn(inputs, rows: rows).largestDifference(from: drawn(inputs, rows: 7)) < tolerance(1e-6, 1e-14))
    let whole = gradient(at: inputs) { (drawn($0, rows: 7) * .wave([2, 7, 4])).sum() }
    let parts = gradient(at: inputs) { (drawn($0, rows: rows) * .wave([2, 7, 4])).sum() }
    for (whole, part) in zip(whole, parts) {
      #expect(part.largestDifference(from: whole) < tolerance(1e-5, 1e-13))
    }
  }

  @Test(arguments: [2, 7])
  func `gradients agree with finite differences, of the second order too`(_ rows: Int) {
    #expect(GradientCheck.largestError(at: inputs) { drawn($0, rows: rows) } < GradientCheck.tolerance)
  }
}
