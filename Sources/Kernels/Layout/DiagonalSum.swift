/// The order of a grid's positions: row-major (`rows`) or column-major (`columns`). The last position of a row (column)
/// precedes the first of the next.
package enum ScanOrder: Sendable {
  case rows
  case columns
}

/// out[i, j] = x[i-1, j-1] + x[i, j] + x[i+1, j+1], where ±1 is the next or previous position in `order`; zeros beyond
/// the grid.
///
/// The matrices are indexed by positions in row-major order, and `x` and `out` hold the rows of some grid rows only.
/// The operation is its own adjoint with `xRows` and `outRows` exchanged.
///
/// - Parameters:
///   - xRows, outRows: The grid rows of i that `x` and `out` hold: they are
///     [batch, rows.count · width, height · width].
package func diagonalSum(
  _ order: ScanOrder, batch: Int, height: Int, width: Int, xRows: [Int], outRows: [Int], _ x: Source,
  into out: Destination
) {
  let places = height * width
  let lines = outRows.count * width
  let rows = PairRows(x, length: places, gridRows: xRows, height: height, width: width)
  parallelRanges(batch * lines, grain: max(1, elementGrain / max(1, places))) { range in
    for task in range {
      let (y, x) = (outRows[task % lines / width], task % width)
      let image = task / lines * xRows.count * width * places
      let out = out + task * places
      if let own = rows[y, x] {
        for j in 0..<places { out[j] = own[image + j] }
      } else {
        for j in 0..<places { out[j] = 0 }
      }
      for step in [-1, 1] {
        guard let place = order.place(step, from: (y, x), height, width), let found = rows[place.y, place.x] else {
          continue
        }
        let near = found + image
        switch order {
        case .rows: addRun(max(0, -step)..<places - max(0, step), near, step, into: out)
        case .columns:
          let last = step < 0 ? 0 : height - 1
          let start = max(0, -step) * width
          addRun(start..<max(start, (height - max(0, step)) * width), near, step * width, into: out)
          // The ends of the columns: their neighbors are the beginnings of the adjacent columns.
          let ends = last * width + max(0, -step)..<last * width + width - max(0, step)
          addRun(ends, near, (height - 1 - 2 * last) * width + step, into: out)
        }
      }
    }
  }
}

@inline(__always)
private func addRun(_ range: Range<Int>, _ x: Source, _ shift: Int, into out: Destination) {
  let x = x + shift
  for j in range { out[j] += x[j] }
}

extension ScanOrder {
  /// `rows` and the grid rows that hold the positions before and after theirs.
  package func reach(of rows: [Int], height: Int) -> [Int] {
    let isNear = { (row: Int) in rows.contains(row) }
    return (0..<height).filter { row in
      switch self {
      case .rows: isNear(row - 1) || isNear(row) || isNear(row + 1)
      case .columns: isNear((row + height - 1) % height) || isNear(row) || isNear((row + 1) % height)
      }
    }
  }

  /// The position before (-1) or after (1) another one; nil beyond the grid.
  @inline(__always)
  fileprivate func place(_ step: Int, from place: (y: Int, x: Int), _ height: Int, _ width: Int) -> (y: Int, x: Int)? {
    switch self {
    case .rows:
      let index = place.y * width + place.x + step
      return index >= 0 && index < height * width ? (index / width, index % width) : nil
    case .columns:
      let index = place.x * height + place.y + step
      return index >= 0 && index < height * width ? (index % height, index / height) : nil
    }
  }
}
