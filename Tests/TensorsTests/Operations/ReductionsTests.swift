import TestSupport
import Testing

@testable import Tensors

@Suite struct ReductionsTests {
  static let axes: [[Int]] = [
    [], [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [2, 3], [0, 3], [0, 1, 2], [1, 2, 3], [0, 1, 2, 3], [3, 0],
  ]
  private let x = Tensor.wave([2, 3, 4, 5], frequency: 1.3)

  /// The elements that fall together, by brute force over all places.
  private func groups(_ axes: [Int]) -> (shape: Shape, members: [[Scalar]]) {
    let shape = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
    var members = [[Scalar]](repeating: [], count: shape.elementCount)
    for (index, value) in x.elements.enumerated() {
      var (rest, place, step) = (index, 0, 1)
      for axis in x.shape.indices.reversed() {
        if !axes.contains(axis) {
          place += rest % x.shape[axis] * step
          step *= x.shape[axis]
        }
        rest /= x.shape[axis]
      }
      members[place].append(value)
    }
    return (shape, members)
  }

  @Test(arguments: axes)
  func `sum, mean and maximum over axes`(axes: [Int]) {
    let (shape, members) = groups(axes)
    let (sum, mean, maximum) = (x.sum(axes: axes), x.mean(axes: axes), x.maximum(axes: axes))
    #expect(sum.shape == shape && mean.shape == shape && maximum.shape == shape)
    #expect(largestDifference(sum.elements, members.map { $0.reduce(0, +) }) < tolerance(2e-5, 1e-13))
    let means = members.map { $0.reduce(0, +) / Scalar($0.count) }
    #expect(largestDifference(mean.elements, means) < tolerance(1e-6, 1e-14))
    #expect(maximum.elements == members.map { $0.max()! })
  }

  @Test func `everything at once`() {
    #expect(Tensor([1, 2, 3, 6], shape: [2, 2]).sum().scalar == 12)
    #expect(Tensor([1, 2, 3, 6], shape: [2, 2]).mean().scalar == 3)
    #expect(Tensor.ones([2, 2]).sum().shape == [])
    #expect(Tensor(5).sum().scalar == 5)
    #expect(Tensor(5).mean().scalar == 5)
  }

  @Test func `negative axes count from the end, and an axis named twice counts once`() {
    #expect(x.sum(axes: [-1]).elements == x.sum(axes: [3]).elements)
    #expect(Tensor.ones([2, 3]).sum(axes: [1, -1]).elements == [3, 3])
    #expect(Tensor.ones([2, 3]).mean(axes: [1, -1]).elements == [1, 1])
  }

  @Test func `empty axes sum to zero`() {
    #expect(Tensor.zeros([2, 0, 3]).sum(axes: [1]).elements == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.zeros([2, 3, 0]).sum(axes: [1]).shape == [2, 1, 0])
    #expect(Tensor.zeros([0]).sum().scalar == 0)
  }

  @Test func `equal largest elements share the gradient`() {
    let slope = gradient(at: Tensor([1, 7, 7, 7, 2, 2], shape: [2, 3])) { $0.maximum(axes: [1]).sum() }
    #expect(largestDifference(slope.elements, [0, 0.5, 0.5, 1, 0, 0]) < 1e-7)
  }

  @Test func `NaN wins the maximum`() {
    #expect(Tensor([1, .nan, 3], shape: [3]).maximum(axes: [0]).elements[0].isNaN)
  }

  @Test func `expanding repeats, and summing takes it back`() {
    let column = Tensor([1, 2], shape: [2, 1])
    let wide = column.expanded(to: [2, 2, 3])
    #expect(wide.elements == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
    #expect(wide.summed(to: [2, 1]).elements == [6, 12])
    #expect(wide.summed(to: []).scalar == 18)
    #expect(wide.summed(to: [3]).elements == [6, 6, 6])
  }
}

@Suite struct DotProductTests {
  @Test func `it is the sum of the products`() {
    let (x, y) = (Tensor.wave([3, 4]), Tensor.wave([3, 4], frequency: 0.9))
    #expect(abs(dot(x, y).scalar - (x * y).sum().scalar) < Scalar(tolerance(1e-6, 1e-14)))
    #expect(dot(x, y).shape.isEmpty)
  }
}

@Suite struct ArgmaxTests {
  @Test func `one position a row, also where nothing is above 0`() {
    let x = Tensor([1, 3, 2, 0, 0, 0, -2, -1, -4, 4, 4, 4], shape: [2, 2, 3])
    #expect(x.argmax() == [1, 0, 1, 0])
  }

  @Test func `it is the position that one-hot rows were made of`() {
    let positions = (0..<300).map { $0 * 7 % 13 }
    #expect(Tensor.oneHot(positions, shape: [3, 10, 10, 13]).argmax() == positions)
  }
}

@Suite struct PositionsOfMaximaTests {
  @Test func `one position a row, and none where nothing is above 0`() {
    let x = Tensor([1, 3, 2, 0, 0, 0, 0, -1, 4, 4, 4, 4], shape: [2, 2, 3])
    #expect(x.indicesOfMaxima() == [1, nil, 2, 0])
  }
}
