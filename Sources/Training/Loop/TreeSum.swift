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
