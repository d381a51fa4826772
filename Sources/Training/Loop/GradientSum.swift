import Tensors

/// A bucketed all-reduce of one update's gradients that overlaps with the backward pass, as in PyTorch's
/// `DistributedDataParallel`.
///
/// The backward pass reaches the last layers first, so buckets are made from the last parameter to the first. The
/// all-reduce of a bucket begins as soon as the last micro-batch of this rank has all gradients of the bucket, and the
/// all-reduces of all earlier buckets have begun: all ranks begin them in the same order, whatever the order in which their
/// gradients become complete. Of several micro-batches of a rank, only the backward pass of the last one overlaps with
/// communication, for the sums over the rank's micro-batches are incomplete before.
///
/// All methods, also those of `GradientObserver`, are called on the thread that computes.
final class GradientSum: GradientObserver, @unchecked Sendable {
  private struct Bucket {
    /// The positions of the bucket's gradients among all gradients of the update.
    let gradients: Range<Int>
    /// The number of gradients of the current micro-batch that the backward pass has not completed yet.
    var missing: Int
    var sum = TreeSum<LeafValues>(+)
  }

  private let communicator: any Communicator
  private let leaves: Range<Int>
  private let leafCount: Int
  /// The number of the current micro-batch.
  private var leaf = 0
  /// The completed gradients of the current micro-batch, by position; empty before its backward pass.
  private var found: [Tensor?] = []
  /// The buckets in the order in which they are all-reduced: from the last parameter to the first.
  private var buckets: [Bucket] = []
  /// The sum of statistics and numbers, which are known after the backward pass.
  private var rest = TreeSum<LeafValues>(+)
  /// The all-reduces that have begun, as functions that wait for their results.
  private var begun: [() throws -> LeafValues] = []

  /// - Parameters:
  ///   - leaves: The micro-batches that this rank computes.
  ///   - leafCount: The number of micro-batches of all ranks.
  init(_ communicator: any Communicator, leaves: Range<Int>, of leafCount: Int) {
    self.communicator = communicator
    self.leaves = leaves
    self.leafCount = leafCount
  }

  /// Computes the gradients of a micro-batch in `body`, and observes its backward pass if there is more than one rank.
  func listening<Result>(toLeaf number: Int, _ body: () throws -> Result) rethrows -> Result {
    leaf = number
    return communicator.count > 1 ? try Tape.$observer.withValue(self, operation: body) : try body()
  }

  /// Adds all values of the current micro-batch: gradients that were not observed, statistics and numbers.
  ///
  /// - Precondition: The gradients are those that the backward pass has reported, if it was observed.
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

  /// The sum over the micro-batches of all ranks; called after the last micro-batch of this rank was appended.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
  func total() throws -> LeafValues {
    begun.append(communicator.beginAllReduce(rest, of: leafCount))
    defer { begun = [] }
    var parts = try begun.map { try $0() }
    var total = parts.removeLast()
    for part in parts.reversed() { total.gradients += part.gradients }
    return total
  }

  // MARK: During the backward pass

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
      // The bucket gives up its reference, so that the all-reduce can reuse the memory of the sum in place.
      buckets[begun.count].sum = TreeSum<LeafValues>(+)
      begun.append(communicator.beginAllReduce(consume sum, of: leafCount))
    }
  }

  /// Buckets of neighboring gradients with at least `length` elements together, from the last gradient to the first. The
  /// bucket of the first parameters may have fewer.
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

/// A flat view of several arrays: their elements, numbered as if the arrays were concatenated.
struct ElementRow {
  /// The number of elements of each array.
  let counts: [Int]

  /// The number of elements of all arrays.
  var count: Int { counts.reduce(0, +) }

  /// Calls `body` for every array that overlaps a range of the flat view.
  ///
  /// - Parameter body: Receives the position of the array, the range of elements within the array, and their range relative
  ///   to the start of `elements`.
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

  /// Copies a range of the flat view into a buffer.
  ///
  /// - Parameter array: Calls its `body` with the elements of the array at a position.
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

  /// Replaces a range of the flat view by the elements of a buffer.
  ///
  /// - Parameter array: Calls its `body` with the mutable elements of the array at a position.
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
