import Support

extension BoxHoles {
  /// - Throws: `Failure` of kind `configuration` if a box cannot lie within the picture and its margins.
  func check(pictureSize: Int) throws {
    try checkSide("height", height, margin: verticalMargin, delta: maximumHeightDelta, pictureSize: pictureSize)
    try checkSide("width", width, margin: horizontalMargin, delta: maximumWidthDelta, pictureSize: pictureSize)
    if height - maximumHeightDelta / 2 * 2 >= pictureSize, width - maximumWidthDelta / 2 * 2 >= pictureSize {
      throw Failure(
        .configuration,
        "Holes: a box of \(height)x\(width) pixels covers all of a picture of \(pictureSize)x\(pictureSize), and leaves "
          + "nothing to fill it from: expected a smaller `height` or `width`.")
    }
  }

  /// The same rules for rows and for columns.
  private func checkSide(_ name: String, _ side: Int, margin: Int, delta: Int, pictureSize: Int) throws {
    try checkValue("a box hole's \(name)", 1...Swift.max(1, pictureSize), contains: side)
    try checkValue(
      "the margin beside a box hole's \(name)", 0...Swift.max(0, (pictureSize - side) / 2), contains: margin)
    // Something must be left of the box.
    try checkValue("the most a box hole's \(name) may shrink", 0...side - 1, contains: delta)
  }
}

extension FreeFormHoles {
  func check() throws {
    try checkValue("the number of strokes", 1...1000, contains: strokes)
    try checkValue("the number of a stroke's vertices", 1...1000, contains: vertices)
    try checkValue("a stroke's brush width", 1...10_000, contains: brushWidth)
  }
}

extension IrregularHoles {
  func check() throws {
    try checkValue("the number of strokes", 1...1000, contains: strokes)
    try checkValue("the number of a stroke's segments", 1...1000, contains: segments)
    try checkValue("the number of a stroke's directions", 1...1000, contains: directions)
    try checkValue("a segment's length", 1...10_000, contains: length)
    try checkValue("a stroke's brush width", 1...10_000, contains: brushWidth)
    try checkValue("the lowest hole fraction", 0...1, contains: fraction.lowerBound)
    try checkValue("the highest hole fraction", 0...1, contains: fraction.upperBound)
  }
}

/// Throws the sentence that names a value, what it may be and what it is.
private func checkValue<Value>(_ name: String, _ range: ClosedRange<Value>, contains value: Value) throws {
  if range.contains(value) { return }
  throw Failure(
    .configuration,
    "Holes: \(name) must lie between \(range.lowerBound) and \(range.upperBound), but is \(value).")
}

private func checkValue(_ name: String, _ range: ClosedRange<Int>, contains values: ClosedRange<Int>) throws {
  try checkValue(name, range, contains: values.lowerBound)
  try checkValue(name, range, contains: values.upperBound)
}
