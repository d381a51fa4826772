import InpaintingModels
package import Tensors

/// The values of a leaf, or of several together, over which a step takes the mean.
package struct LeafValues {
  /// The gradients of a network's parameters.
  package var gradients: [Tensor] = []
  /// The values that buffers that follow the samples were left with.
  package var statistics: [Tensor] = []
  /// Loss terms, or other numbers.
  package var numbers: [Scalar] = []

  /// Each with its counterpart.
  static func + (left: LeafValues, right: LeafValues) -> LeafValues {
    precondition(
      left.gradients.count == right.gradients.count && left.statistics.count == right.statistics.count
        && left.numbers.count == right.numbers.count, "LeafValues: two leaves have different numbers of values")
    var sum = left
    // One by one, so that the old sum goes as the new one comes.
    for index in sum.gradients.indices { sum.gradients[index] = sum.gradients[index] + right.gradients[index] }
    for index in sum.statistics.indices { sum.statistics[index] = sum.statistics[index] + right.statistics[index] }
    for index in sum.numbers.indices { sum.numbers[index] += right.numbers[index] }
    return sum
  }

  static func / (sum: LeafValues, count: Int) -> LeafValues {
    var mean = sum
    let divisor = Scalar(count)
    for index in mean.gradients.indices { mean.gradients[index] = mean.gradients[index] / divisor }
    for index in mean.statistics.indices { mean.statistics[index] = mean.statistics[index] / divisor }
    for index in mean.numbers.indices { mean.numbers[index] /= divisor }
    return mean
  }

  // MARK: As one row of elements: those of the gradients, of the statistics, then the numbers.

  private var row: ElementRow { ElementRow(counts: (gradients + statistics).map(\.count) + [numbers.count]) }

  var elementCount: Int { row.count }

  /// Copies some elements of the row.
  func copy(_ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Scalar>) {
    row.copy(elements, to: target) { index, body in
      switch part(index) {
      case .gradient(let index): gradients[index].withElements(body)
      case .statistic(let index): statistics[index].withElements(body)
      case .numbers: numbers.withUnsafeBufferPointer(body)
      }
    }
  }

  /// Replaces some elements of the row, in place where nobody else has the tensors.
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

/// A sum over numbered leaves in the order of a fixed binary tree, so that it has the same bits whoever adds which part.
///
/// Of the tree, the leaves [first, last) are those of two subtrees that meet at first + the largest power of two below
/// the number of leaves. Leaves that come in their order are added as early as the tree allows: while the n-th is
/// computed, at most log2(n) + 1 sums are kept.
package struct TreeSum<Value> {
  /// Sums of whole subtrees, in the order of their leaves.
  var subtrees: [(leaves: Range<Int>, sum: Value)] = []
  private let add: (Value, Value) -> Value

  init(_ add: @escaping (Value, Value) -> Value) { self.add = add }

  /// Takes the value of a leaf.
  ///
  /// - Precondition: The leaves come in their order, and none is left out after the first.
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

  /// The sum over all leaves.
  ///
  /// - Precondition: All of them have come.
  func total(of leafCount: Int) -> Value { total(of: 0..<leafCount) }

  private func total(of leaves: Range<Int>) -> Value {
    if let whole = subtrees.first(where: { $0.leaves == leaves }) { return whole.sum }
    precondition(leaves.count > 1, "TreeSum: the leaf \(leaves.lowerBound) is missing")
    var half = 1
    while 2 * half < leaves.count { half *= 2 }
    let middle = leaves.lowerBound + half
    return add(total(of: leaves.lowerBound..<middle), total(of: middle..<leaves.upperBound))
  }

  /// The leaves of the last two subtrees, if they are the halves of one: as large as each other, and where a subtree of
  /// twice their size begins.
  private var lastPair: Range<Int>? {
    guard subtrees.count > 1 else { return nil }
    let (left, right) = (subtrees[subtrees.count - 2].leaves, subtrees[subtrees.count - 1].leaves)
    guard left.count == right.count, left.lowerBound % (2 * left.count) == 0 else { return nil }
    return left.lowerBound..<right.upperBound
  }

  /// The most sums that are kept while another leaf is computed, of so many leaves.
  static func mostKept(leafCount: Int) -> Int { (0..<leafCount).map(\.nonzeroBitCount).max() ?? 0 }
}
