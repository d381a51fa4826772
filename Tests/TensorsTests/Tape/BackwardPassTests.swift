import Synchronization
import TestSupport
import Testing

@testable import Tensors

@Suite struct BackwardPassTests {
  @Test func `a tensor that is used several times collects all its cotangents`() {
    let slope = gradient(at: Tensor(3)) { x in x * x + x * 4 - x + (x + x) }
    #expect(slope.scalar == 11)
    #expect(gradient(at: Tensor(3)) { $0 + $0 }.scalar == 2)
    #expect(gradient(at: Tensor(3)) { $0 - $0 }.scalar == 0)
    #expect(
      gradient(at: Tensor(3)) { concatenate([$0.reshaped(to: [1]), $0.reshaped(to: [1])], axis: 0).sum() }.scalar == 2)
  }

  /// y feeds a short and a long path: its own rule must wait for both.
  @Test func `a node is walked only when all its cotangents have arrived`() {
    let slope = gradient(at: Tensor(2)) { x in
      let y = square(x)
      var long = y
      for _ in 0..<5 { long = long * 2 }
      return long + y
    }
    #expect(slope.scalar == 33 * 4)
  }

  static let broadcasts: [(own: Shape, other: Shape)] = [
    ([], [2, 3]), ([3], [2, 3]), ([2, 1], [2, 3]), ([1, 3], [2, 3]), ([1, 1], [2, 3]), ([1], [2, 3]),
    ([2, 1, 4], [3, 1]), ([4, 1, 1], [4, 2, 3]), ([1, 2, 1], [4, 1, 3]), ([2, 3], [2, 3]), ([1], []),
  ]

  @Test(arguments: broadcasts)
  func `broadcasting is undone`(own: Shape, other: Shape) {
    let other = Tensor.wave(other, offset: 0.2)
    let slope = gradient(at: Tensor.wave(own)) { ($0 * other).sum() }
    #expect(slope.shape == own)
    // The sum of the weights that meet each element, by brute force: one element at a time is 1.
    for element in 0..<slope.count {
      var unit = Tensor.zeros(own)
      unit.withMutableElements { $0[element] = 1 }
      #expect(Swift.abs(Double(slope.elements[element] - (unit * other).sum().scalar)) < tolerance(1e-5, 1e-13))
    }
  }

  @Test func `adding cotangents in place changes no tensor of the caller's`() {
    let weight = Tensor.counting([3])
    let slope = gradient(at: Tensor.ones([3])) { x in (x * weight).sum() + (x * weight).sum() + x.sum() }
    #expect(slope.elements == [1, 3, 5])
    #expect(weight.elements == [0, 1, 2])
  }

  @Test func `both inputs of a sum get cotangents of their own`() {
    let slopes = gradient(at: [Tensor.ones([2]), Tensor.ones([2])]) { ($0[0] + $0[1]).sum() + ($0[0] * 3).sum() }
    #expect(slopes[0].elements == [4, 4])
    #expect(slopes[1].elements == [1, 1])
  }

  /// Parts before, between and after an operation that reads everything; a row and an element that several parts read.
  @Test func `the gradients of parts add up with those of the whole`() {
    let x = Tensor.wave([3, 2])
    let slope = gradient(at: x) { x in
      let parts = x.gatheredRows([2, 0, 2]) * 10
      let block = x.sliced([1..<3, 1..<2]) * 100
      return parts.sum() + x.sum() + block.sum() + (x.gatheredRows([1]) * 1000).sum()
    }
    #expect(slope.elements == [11, 11, 1001, 1101, 21, 121])
  }

  @Test func `a part is not added to a cotangent that another input shares`() {
    let slopes = gradient(at: [Tensor.ones([2, 1]), Tensor.ones([2, 1])]) { inputs in
      // The sum hands the same cotangent to both inputs, before the part of the first is added.
      let part = inputs[0].gatheredRows([1])
      return (inputs[0] + inputs[1]).sum() + part.sum() * 5
    }
    #expect(slopes[0].elements == [1, 6])
    #expect(slopes[1].elements == [1, 1])
  }

  @Test func `gradients at values on the way`() {
    let (x, y) = (Tensor(3), Tensor(4))
    let slopes = gradient(at: [x, y]) { inputs in
      let middle = inputs[0] * inputs[1]
      let inner = gradient(at: [middle, inputs[0]]) { square($0[0]) * $0[1] }
      return inner[0] * inner[1]
    }
    // inner = (2 m x, m²), product = 2 m³ x with m = x y: derivatives 8 x³ y³ and 6 x⁴ y².
    #expect(slopes[0].scalar == 8 * 27 * 64)
    #expect(slopes[1].scalar == 6 * 81 * 16)
  }

  /// A rule that nobody asked for would divide by zero and spoil the sum with NaN.
  @Test func `rules that lead nowhere are not run`() {
    let calls = Counter()
    let parameter = Parameter(Tensor(2))
    let idle = Parameter(Tensor(5))
    let outer = Tape(watching: [idle])
    let slope = valueWithGradient(at: [parameter]) {
      let side = idle.value.recorded(from: (idle.value, { cotangent, _ in calls.count(cotangent) }))
      return parameter.value * side
    }.gradient[0]
    #expect(slope.scalar == 5)
    #expect(calls.value == 0)
    withExtendedLifetime(outer) {}
  }
}

/// Counts how often a rule is run.
private final class Counter: Sendable {
  private let calls = Atomic<Int>(0)
  var value: Int { calls.load(ordering: .relaxed) }

  func count(_ cotangent: Tensor) -> Tensor {
    calls.add(1, ordering: .relaxed)
    return cotangent
  }
}
