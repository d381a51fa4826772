import InpaintingModels
package import Tensors

/// The results of a micro-batch (leaf) that a step averages over all micro-batches, or a sum of the results of several.
package struct LeafValues {
  /// The gradients of a network's parameters.
  package var gradients: [Tensor] = []
  /// The values, after the micro-batch, of the buffers that depend on the samples, such as running statistics.
  package var statistics: [Tensor] = []
  /// The values of loss terms, or other numbers.
  package var numbers: [Scalar] = []

  /// The element-wise sum.
  ///
  /// - Precondition: Both have the same number of gradients, statistics and numbers.
  static func + (left: LeafValues, right: LeafValues) -> LeafValues {
    precondition(
      left.gradients.count == right.gradients.count && left.statistics.count == right.statistics.count
        && left.numbers.count == right.numbers.count, "LeafValues: two leaves have different numbers of values")
    var sum = left
    // In place, tensor by tensor: an old sum that nothing else refers to is freed before the next is computed.
    for index in sum.gradients.indices { sum.gradients[index] = sum.gradients[index] + right.gradients[index] }
    for index in sum.statistics.indices { sum.statistics[index] = sum.statistics[index] + right.statistics[index] }
    for index in sum.numbers.indices { sum.numbers[index] += right.numbers[index] }
    return sum
  }

  /// The mean of `count` results from their sum.
  static func / (sum: LeafValues, count: Int) -> LeafValues {
    var mean = sum
    let divisor = Scalar(count)
    for index in mean.gradients.indices { mean.gradients[index] = mean.gradients[index] / divisor }
    for index in mean.statistics.indices { mean.statistics[index] = mean.statistics[index] / divisor }
    for index in mean.numbers.indices { mean.numbers[index] /= divisor }
    return mean
  }

  // MARK: As a flat array: the elements of the gradients, of the statistics, then the numbers.

  private var row: ElementRow { ElementRow(counts: (gradients + statistics).map(\.count) + [numbers.count]) }

  var elementCount: Int { row.count }

  /// Copies a range of the flat array.
  func copy(_ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Scalar>) {
    row.copy(elements, to: target) { index, body in
      switch part(index) {
      case .gradient(let index): gradients[index].withElements(body)
      case .statistic(let index): statistics[index].withElements(body)
      case .numbers: numbers.withUnsafeBufferPointer(body)
      }
    }
  }

  /// Replaces a range of the flat array, in place in tensors that are uniquely referenced.
  mutating func replace(_ elements: Range<Int>, with source: UnsafeBufferPointer<Scalar>) {
    row.replace(elements, with: source) { index, body in
      switch part(index) {
      case .gradient(let index): gradients[index].withMutableElements(body)
      case .statistic(let index): statistics[index].withMutableElements(body)
      case .numbers: numbers.withUnsafeMutableBufferPointer { body($0) }
      }
    }
  }

  private enum Part {
    case gradient(Int)
    case statistic(Int)
    case numbers
  }

  private func part(_ index: Int) -> Part {
    if index < gradients.count { return .gradient(index) }
    let index = index - gradients.count
    return index < statistics.count ? .statistic(index) : .numbers
  }
}

/// A pairwise sum in the order of a fixed binary tree, whose leaves are the micro-batches of a batch. Floating-point
/// addition is not associative: with a fixed order the sum has the same bits however the leaves are divided among ranks.
///
/// A subtree over the leaves [first, last) is split at first + h, where h is the largest power of two below last − first.
/// Values that are appended in the order of leaves are added as early as the tree allows: while the n-th is computed, at
/// most log2(n) + 1 partial sums are kept.
package struct TreeSum<Value> {
  /// The partial sums of complete subtrees, in the order of their leaves.
  var subtrees: [(leaves: Range<Int>, sum: Value)] = []
  private let add: (Value, Value) -> Value

  init(_ add: @escaping (Value, Value) -> Value) { self.add = add }

  /// Adds the value of a leaf.
  ///
  /// - Precondition: `leaf` is the successor of the leaf that was appended last, or the first to be appended.
  mutating func append(_ value: Value, of leaf: Int) {
    precondition(
      subtrees.last.map { $0.leaves.upperBound == leaf } ?? true, "TreeSum: the leaf \(leaf) comes out of order")
    subtrees.append((leaf..<leaf + 1, value))
    while let joined = lastPair {
      let right = subtrees.removeLast().sum
      let left = subtrees.removeLast().sum
      subtrees.append((joined, add(left, right)))
    }
  }

  /// The sum over the leaves 0 ..< `leafCount`.
  ///
  /// - Precondition: All of these leaves were appended.
  func total(of leafCount: Int) -> Value { total(of: 0..<leafCount) }

  private func total(of leaves: Range<Int>) -> Value {
    if let whole = subtrees.first(where: { $0.leaves == leaves }) { return whole.sum }
    precondition(leaves.count > 1, "TreeSum: the leaf \(leaves.lowerBound) is missing")
    var half = 1
    while 2 * half < leaves.count { half *= 2 }
    let middle = leaves.lowerBound + half
    return add(total(of: leaves.lowerBound..<middle), total(of: middle..<leaves.upperBound))
  }

  /// The leaves of the last two subtrees together, if these are the halves of one subtree: they have equal sizes, and the
  /// first begins at a multiple of twice that size.
  private var lastPair: Range<Int>? {
    guard subtrees.count > 1 else { return nil }
    let (left, right) = (subtrees[subtrees.count - 2].leaves, subtrees[subtrees.count - 1].leaves)
    guard left.count == right.count, left.lowerBound % (2 * left.count) == 0 else { return nil }
    return left.lowerBound..<right.upperBound
  }

  /// The largest number of partial sums that are kept while one of `leafCount` leaves is computed.
  static func mostKept(leafCount: Int) -> Int { (0..<leafCount).map(\.nonzeroBitCount).max() ?? 0 }
}
