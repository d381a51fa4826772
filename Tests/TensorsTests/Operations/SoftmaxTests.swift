import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct SoftmaxTests {
  @Test(arguments: [0, 1, 2, -1, -3])
  func `every slice along the axis agrees with the formula and sums to 1`(axis: Int) {
    let x = Tensor.wave([3, 4, 5], frequency: 1.1, scale: 3)
    let found = softmax(x, axis: axis)
    let powers = exp(x)
    let expected = powers / powers.sum(axes: [axis])
    #expect(found.largestDifference(from: expected) < tolerance(5e-7, 1e-15))
    #expect(found.sum(axes: [axis]).elements.allSatisfy { Swift.abs($0 - 1) < Scalar(tolerance(1e-6, 1e-14)) })
  }

  @Test func `huge scores neither overflow nor leave gradients`() {
    let found = softmax(Tensor([1e30, 0, -1e30], shape: [3]))
    #expect(largestDifference(found.elements, [1, 0, 0]) < 1e-30)
    let slope = gradient(at: Tensor([1e30, 0], shape: [2])) { softmax($0).sliced(axis: 0, 0..<1).sum() }
    #expect(slope.elements.allSatisfy { Swift.abs($0) < 1e-30 })
  }
}

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

@Suite struct MaskedSoftmaxTests {
  @Test(arguments: [1, 2])
  func `it is the softmax of what is valid, times that`(batch: Int) {
    let x = Tensor.wave([2, 3, 5], frequency: 1.1)
    let valid = Tensor([1, 0, 1, 1, 0, 0, 1, 1, 0, 1].prefix(5 * batch).map { $0 }, shape: [batch, 1, 5])
    let expected = softmax(x * (valid * 3)) * valid
    #expect(softmax(x, valid: valid, scale: 3).largestDifference(from: expected) < tolerance(5e-7, 1e-15))
  }
}

@Suite struct OneHotTests {
  @Test func `a row has a 1 at its position, or nowhere`() {
    let rows = Tensor.oneHot([2, nil, 0, 1], shape: [2, 2, 3])
    #expect(rows.shape == [2, 2, 3] && rows.elements == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func `a position beyond the axis traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.oneHot([0, 3], shape: [2, 3])
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(said.contains("oneHot: expected a position below 3 for each row of shape [2, 3], found 2 of at most 3"))
  }
}

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
