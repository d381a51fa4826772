import TestSupport
import Testing

@testable import Tensors

@Suite struct CrossEntropyTests {
  private let logits = Tensor.wave([2, 3, 4], frequency: 1.1, scale: 2)
  private let classes: [Int?] = [0, 3, nil, 1, 1, 2]
  private var target: Tensor { .oneHot(classes, shape: [2, 3, 4]) }
  private let weights = Tensor([1, 0.5, 2, 0.25], shape: [4])

  /// Those of torch.nn.functional.cross_entropy in float64.
  @Test func `values agree with PyTorch's, with and without weights of classes`() {
    #expect(abs(Double(crossEntropy(logits, target).scalar) - 1.673901943080289) < tolerance(1e-6, 1e-14))
    let weighted = Double(crossEntropy(logits, target, weights: weights).scalar)
    #expect(abs(weighted - 2.1379219369719) < tolerance(1e-6, 1e-12))
  }

  @Test func `a row without a class counts nothing`() {
    var changed = logits
    changed.withMutableElements { for i in 8..<12 { $0[i] += 5 } }
    #expect(crossEntropy(changed, target).scalar == crossEntropy(logits, target).scalar)
    let slope = gradient(at: logits) { crossEntropy($0, target) }
    #expect(slope.elements[8..<12].allSatisfy { $0 == 0 } && slope.elements[0..<8].allSatisfy { $0 != 0 })
    let none = Tensor.zeros([2, 3, 4])
    #expect(crossEntropy(logits, none).scalar == 0)
    #expect(gradient(at: logits) { crossEntropy($0, none) }.elements.allSatisfy { $0 == 0 })
  }

  @Test func `parts of a batch with the mean total of both have the mean of the whole`() {
    let totals = (0..<2).map { crossEntropyTotal(target.sliced(axis: 0, $0..<$0 + 1), weights: weights) }
    #expect(totals == [1.25, 3])
    let parts = (0..<2).map { part in
      crossEntropy(
        logits.sliced(axis: 0, part..<part + 1), target.sliced(axis: 0, part..<part + 1), weights: weights,
        total: (totals[0] + totals[1]) / 2
      ).scalar
    }
    #expect(abs((parts[0] + parts[1]) / 2 - crossEntropy(logits, target, weights: weights).scalar) < 1e-6)
  }
}
