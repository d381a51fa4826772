import Tensors

/// The sum of one update's values over the leaves of all processes, of which other processes get parts while this one still
/// computes.
///
/// Gradients are summed in buckets. The way back comes to the last layers first: buckets are made from the last parameter
/// on, and one is exchanged as soon as the last leaf of this process has all of its gradients and those before it have gone.
/// All processes begin the same exchanges in the same order, whatever theirs become whole in. Of several leaves of a process
/// only the last one's way back is accompanied: before that its sums are not whole.
///
/// Only the thread that computes uses it: it is told of gradients on that one.
final class GradientSum: GradientObserver, @unchecked Sendable {
  private struct Bucket {
    /// The positions of its gradients.
    let gradients: Range<Int>
    /// The gradients of the leaf under way that are not whole yet.
    var missing: Int
    var sum = TreeSum<LeafValues>(+)
  }

  private let communicator: any Communicator
  private let leaves: Range<Int>
  private let leafCount: Int
  /// The leaf under way.
  private var leaf = 0
  /// The gradients of the leaf under way, by position; empty before its way back.
  private var found: [Tensor?] = []
  /// In the order in which they are exchanged.
  private var buckets: [Bucket] = []
  /// Statistics and numbers, which come after the way back.
  private var rest = TreeSum<LeafValues>(+)
  /// The sums that were begun.
  private var begun: [() throws -> LeafValues] = []

  /// - Parameters:
  ///   - leaves: Those that this process computes.
  ///   - leafCount: The number of leaves of all processes.
  init(_ communicator: any Communicator, leaves: Range<Int>, of leafCount: Int) {
    self.communicator = communicator
    self.leaves = leaves
    self.leafCount = leafCount
  }

  /// Computes the gradients of a leaf. A process that trains alone has nobody to tell of them on the way.
  func listening<Result>(toLeaf number: Int, _ body: () throws -> Result) rethrows -> Result {
    leaf = number
    return communicator.count > 1 ? try Tape.$observer.withValue(self, operation: body) : try body()
  }

  /// Takes all values of the leaf.
  ///
  /// - Precondition: The gradients are those of the leaf's tape, if it has told of any.
  func append(_ values: LeafValues) {
    if found.isEmpty {
      walkBegan(toParametersOf: values.gradients.map(\.shape))
      for (index, gradient) in values.gradients.enumerated() { gradientIsWhole(gradient, of: index) }
    }
    precondition(
      found.count == values.gradients.count
        && zip(found, values.gradients).allSatisfy { $0?.isSame(as: $1) ?? false },
      "GradientSum: the gradients of a leaf are not those that its tape gave")
    found = []
    rest.append(LeafValues(statistics: values.statistics, numbers: values.numbers), of: leaf)
  }

  /// The sum over the leaves of all processes, when all of this one's have come.
  ///
  /// - Throws: The `Failure` of a process that gave up.
  func total() throws -> LeafValues {
    begun.append(communicator.beginTotal(rest, of: leafCount))
    defer { begun = [] }
    var parts = try begun.map { try $0() }
    var total = parts.removeLast()
    for part in parts.reversed() { total.gradients += part.gradients }
    return total
  }

  // MARK: On the way back

  func walkBegan(toParametersOf shapes: [Shape]) {
    precondition(found.isEmpty, "GradientSum: a leaf's gradients are those of one tape")
    found = Array(repeating: nil, count: shapes.count)
    if buckets.isEmpty { buckets = Self.buckets(shapes.map(\.elementCount), atLeast: communicator.bucketLength) }
    for index in buckets.indices { buckets[index].missing = buckets[index].gradients.count }
    precondition(
      buckets.first?.gradients.upperBound ?? 0 == shapes.count,
      "GradientSum: leaves have different numbers of gradients")
  }

  func gradientIsWhole(_ gradient: Tensor, of index: Int) {
    found[index] = gradient
    guard let bucket = buckets.firstIndex(where: { $0.gradients.contains(index) }) else { return }
    buckets[bucket].missing -= 1
    guard buckets[bucket].missing == 0 else { return }
    let values = LeafValues(gradients: found[buckets[bucket].gradients].compactMap { $0 })
    buckets[bucket].sum.append(values, of: leaf)
    while leaf == leaves.upperBound - 1, begun.count < buckets.count, buckets[begun.count].missing == 0 {
      let sum = buckets[begun.count].sum
      // The sum goes, so that nobody else has it and its memory is used again.
      buckets[begun.count].sum = TreeSum<LeafValues>(+)
      begun.append(communicator.beginTotal(consume sum, of: leafCount))
    }
  }

  /// Buckets of so many elements or of one gradient that is larger, from the last gradient on; the first ones may be left
  /// with fewer.
  private static func buckets(_ counts: [Int], atLeast length: Int) -> [Bucket] {
    var buckets: [Bucket] = []
    var (end, elements) = (counts.count, 0)
    for index in counts.indices.reversed() {
      elements += counts[index]
      guard elements >= length || index == 0 else { continue }
      buckets.append(Bucket(gradients: index..<end, missing: 0))
      (end, elements) = (index, 0)
    }
    return buckets
  }
}

/// Arrays of elements that are handled as one row, one array after the other.
struct ElementRow {
  /// The number of elements of each array.
  let counts: [Int]

  var count: Int { counts.reduce(0, +) }

  /// Calls `body` with every array that has some of the elements: its position, which of its own they are, and their
  /// position among those asked for.
  func forEachPart(
    of elements: Range<Int>, _ body: (_ index: Int, _ own: Range<Int>, _ position: Range<Int>) throws -> Void
  ) rethrows {
    var start = 0
    for (index, count) in counts.enumerated() {
      let common = elements.clamped(to: start..<start + count)
      if !common.isEmpty {
        try body(
          index, common.lowerBound - start..<common.upperBound - start,
          common.lowerBound - elements.lowerBound..<common.upperBound - elements.lowerBound)
      }
      start += count
    }
  }

  /// Copies some elements of the row.
  ///
  /// - Parameter array: Lends the elements of the array at a position.
  func copy(
    _ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Scalar>,
    from array: (_ index: Int, _ body: (UnsafeBufferPointer<Scalar>) -> Void) -> Void
  ) {
    forEachPart(of: elements) { index, own, position in
      array(index) {
        _ = UnsafeMutableBufferPointer(rebasing: target[position]).update(
          fromContentsOf: UnsafeBufferPointer(rebasing: $0[own]))
      }
    }
  }

  /// Replaces some elements of the row.
  ///
  /// - Parameter array: Lends the elements of the array at a position, to be changed.
  func replace(
    _ elements: Range<Int>, with source: UnsafeBufferPointer<Scalar>,
    in array: (_ index: Int, _ body: (UnsafeMutableBufferPointer<Scalar>) -> Void) -> Void
  ) {
    forEachPart(of: elements) { index, own, position in
      array(index) {
        _ = UnsafeMutableBufferPointer(rebasing: $0[own]).update(
          fromContentsOf: UnsafeBufferPointer(rebasing: source[position]))
      }
    }
  }
}
