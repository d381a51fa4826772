/// Sizes and counts of the part of a hole that lies in a rectangle of the picture.
extension Hole {
  /// The smallest rectangle around the missing pixels of a part; nil if there are none.
  package func missingBounds(in part: PixelRectangle) -> PixelRectangle? {
    var bounds: PixelRectangle?
    for y in part.rows {
      let row = values[y * width + part.x..<y * width + part.columns.upperBound]
      guard let first = row.firstIndex(where: { $0 != 0 }), let last = row.lastIndex(where: { $0 != 0 }) else {
        continue
      }
      let run = PixelRectangle(x: first - y * width, y: y, width: last - first + 1, height: 1)
      bounds = bounds?.union(run) ?? run
    }
    return bounds
  }

  /// The thickness of a hole within a part: the side of the largest square of which all pixels are missing.
  package func thickness(in part: PixelRectangle) -> Int {
    // Of squares that end at a pixel, the largest is one larger than the smallest of those that end at its left, upper
    // and upper left neighbors.
    var largest = 0
    var sides = [Int](repeating: 0, count: part.width + 1)
    values.withUnsafeBufferPointer { values in
      for y in part.rows {
        var upperLeft = 0
        for column in 0..<part.width {
          let upper = sides[column + 1]
          let isMissing = values[y * width + part.x + column] != 0
          sides[column + 1] = isMissing ? min(upperLeft, upper, sides[column]) + 1 : 0
          largest = max(largest, sides[column + 1])
          upperLeft = upper
        }
      }
    }
    return largest
  }

  /// The number of missing pixels of each column of a part.
  package func missingCounts(ofColumnsIn part: PixelRectangle) -> [Int] {
    var counts = [Int](repeating: 0, count: part.width)
    for y in part.rows {
      for x in part.columns where values[y * width + x] != 0 { counts[x - part.x] += 1 }
    }
    return counts
  }

  /// The number of missing pixels of each row of a part.
  package func missingCounts(ofRowsIn part: PixelRectangle) -> [Int] {
    part.rows.map { y in
      values[y * width + part.x..<y * width + part.columns.upperBound].reduce(0) { $0 + ($1 != 0 ? 1 : 0) }
    }
  }
}
