/// The rows of a matrix of pairs by their place on the grid; only some of the grid's rows need be there.
struct PairRows {
  private let start: Source
  private let width: Int
  private let length: Int
  /// The position in the matrix of each row of the grid, or -1.
  private let positions: [Int]

  /// - Parameters:
  ///   - start: For each of `gridRows` and each of its places a row of `length` elements.
  ///   - height, width: The grid's.
  init(_ start: Source, length: Int, gridRows: [Int], height: Int, width: Int) {
    self.start = start
    self.width = width
    self.length = length
    var positions = [Int](repeating: -1, count: height)
    for (position, row) in gridRows.enumerated() { positions[row] = position }
    self.positions = positions
  }

  /// The row of a place; nil if the place lies outside the grid or the matrix.
  @inline(__always)
  subscript(row: Int, column: Int) -> Source? {
    guard row >= 0, row < positions.count, column >= 0, column < width, positions[row] >= 0 else { return nil }
    return start + (positions[row] * width + column) * length
  }
}
