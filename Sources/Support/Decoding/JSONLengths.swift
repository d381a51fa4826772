/// Lengths in a picture, written in pixels or as a part of the picture's side.
extension JSONField {
  /// A whole number of pixels, or a number above 0 and below 1 of a side: half of it is `0.5`. A part is rounded to whole
  /// pixels, and is never less than the least that is allowed.
  ///
  /// - Parameters:
  ///   - range: The pixels that are allowed.
  ///   - side: The length that a part is of, in pixels.
  /// - Returns: Pixels.
  package func length(in range: ClosedRange<Int>, ofSide side: Int) throws -> Int {
    guard case .number(let number) = value.content, let length = pixels(number, ofSide: side, least: range.lowerBound),
      range.contains(length)
    else {
      throw failure(
        "expected \(range.expectation(of: "a whole number of pixels")), or a part of the picture's side above 0 and below "
          + "1, found \(value.excerpt)")
    }
    return length
  }

  private func pixels(_ number: JSONNumber, ofSide side: Int, least: Int) -> Int? {
    if let integer = number.integer { return integer }
    guard number.real > 0, number.real < 1 else { return nil }
    return max(least, Int((number.real * Double(side)).rounded()))
  }
}

extension JSONReader {
  /// A length in pixels, or a part of a side; what was read counts as pixels from here on.
  package func length(
    _ key: String, in range: ClosedRange<Int>, ofSide side: Int, default fallback: Int
  ) throws -> Int {
    let length = try value(key)?.length(in: range, ofSide: side) ?? fallback
    answer(key, JSONValue(length))
    return length
  }

  /// A range of lengths, written [lowest, highest], each in pixels or as a part of a side.
  package func lengths(
    _ key: String, in range: ClosedRange<Int>, ofSide side: Int, default fallback: ClosedRange<Int>
  ) throws -> ClosedRange<Int> {
    let bounds =
      try value(key)?.array(count: 2...2).map { try $0.length(in: range, ofSide: side) }
      ?? [fallback.lowerBound, fallback.upperBound]
    answer(key, JSONValue(bounds.map { JSONValue($0) }))
    guard bounds[0] <= bounds[1] else {
      throw failure(
        "`\(key)` must be [lowest, highest], and \(bounds[0]) pixels are more than \(bounds[1])")
    }
    return bounds[0]...bounds[1]
  }
}
