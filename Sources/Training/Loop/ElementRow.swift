import Tensors

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
