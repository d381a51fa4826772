extension Range<Int> {
  /// As few pieces of at most `length` as there can be; their lengths differ by 1 at most, so that threads that take one
  /// each have the same work.
  func pieces(of length: Int) -> [Range<Int>] {
    let number = (count + length - 1) / length
    return (0..<number).map { lowerBound + count * $0 / number..<lowerBound + count * ($0 + 1) / number }
  }
}
