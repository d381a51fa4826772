/// Sums along the diagonals of a matrix of pairs of positions:
/// out[i, j] = Σ x[i + t, j + t] over the two-dimensional offsets t for which both positions lie on x's grid.
///
/// The adjoint exchanges the grids and negates the offsets.
struct ShiftedSum {
  let source: (height: Int, width: Int)
  let result: (height: Int, width: Int)
  /// Along either axis.
  let offsets: ClosedRange<Int>

  init(from source: (height: Int, width: Int), to result: (height: Int, width: Int), offsets: ClosedRange<Int>) {
    self.source = source
    self.result = result
    self.offsets = offsets
  }

  /// A row of x to add, and the offset of its keys.
  private struct Term {
    var line: Source
    var rows: Int
    var columns: Int
  }

  /// Writes the output row of the position (`row`, `column`), for the keys in the grid rows `keyRows` only.
  @inline(__always)
  func row(_ row: Int, _ column: Int, of x: PairRows, keyRows: Range<Int>, into out: Destination) {
    withUnsafeTemporaryAllocation(of: Term.self, capacity: 2 * offsets.count * offsets.count) { memory in
      let terms = memory.baseAddress!
      let valid = terms + offsets.count * offsets.count
      var count = 0
      for rows in offsets {
        for columns in offsets {
          guard let line = x[row + rows, column + columns] else { continue }
          terms[count] = Term(line: line, rows: rows, columns: columns)
          count += 1
        }
      }
      // Keys in these rows have all neighbors above and below.
      let inner = (first: max(0, -offsets.lowerBound), end: source.height - max(0, offsets.upperBound))
      var first = keyRows.lowerBound
      while first < keyRows.upperBound {
        let isInner = first >= inner.first && first < inner.end
        let end = isInner ? min(inner.end, keyRows.upperBound) : first + 1
        var validCount = 0
        for term in 0..<count where first + terms[term].rows >= 0 && first + terms[term].rows < source.height {
          valid[validCount] = terms[term]
          valid[validCount].line += (first + terms[term].rows) * source.width + terms[term].columns
          validCount += 1
        }
        add(valid, validCount, gridRows: end - first, into: out + (first - keyRows.lowerBound) * result.width)
        first = end
      }
    }
  }

  /// Adds whole rows of the grid, as one run if both grids are equally wide. Columns at the borders, where such a run
  /// wraps around to the row before or after, are then recomputed.
  @inline(__always)
  private func add(_ terms: UnsafePointer<Term>, _ count: Int, gridRows: Int, into out: Destination) {
    let width = result.width
    let left = min(width, max(0, -offsets.lowerBound))
    let right = min(width, max(left, source.width - max(0, offsets.upperBound)))
    if source.width == width {
      addRuns(terms, count, lines: 1, from: left, to: (gridRows - 1) * width + right, into: out)
    } else {
      addRuns(terms, count, lines: gridRows, from: left, to: right, into: out)
    }
    for column in 0..<left { addColumn(column, terms, count, gridRows, into: out) }
    for column in right..<width { addColumn(column, terms, count, gridRows, into: out) }
  }

  @inline(__always)
  private func addColumn(
    _ column: Int, _ terms: UnsafePointer<Term>, _ count: Int, _ gridRows: Int, into out: Destination
  ) {
    let out = out + column
    for row in 0..<gridRows { out[row * result.width] = 0 }
    for term in 0..<count {
      let place = column + terms[term].columns
      guard place >= 0, place < source.width else { continue }
      let line = terms[term].line + column
      for row in 0..<gridRows { out[row * result.width] += line[row * source.width] }
    }
  }

  /// out[i] = Σ terms[i] for i in first..<end of each of `lines` lines. Each pass over the memory adds four terms; the
  /// first pass adds the remainder.
  @inline(__always)
  private func addRuns(
    _ terms: UnsafePointer<Term>, _ count: Int, lines: Int, from first: Int, to end: Int, into out: Destination
  ) {
    guard first < end else { return }
    let length = end - first
    func start(_ term: Int) -> Source { terms[term].line + first }
    var done = count == 0 ? 0 : (count + 3) % 4 + 1
    for line in 0..<lines {
      let out = out + first + line * result.width
      let step = line * source.width
      switch done {
      case 0: for i in 0..<length { out[i] = 0 }
      case 1:
        let a = start(0) + step
        for i in 0..<length { out[i] = a[i] }
      case 2:
        let (a, b) = (start(0) + step, start(1) + step)
        for i in 0..<length { out[i] = a[i] + b[i] }
      case 3:
        let (a, b, c) = (start(0) + step, start(1) + step, start(2) + step)
        for i in 0..<length { out[i] = (a[i] + b[i]) + c[i] }
      default:
        let (a, b, c, d) = (start(0) + step, start(1) + step, start(2) + step, start(3) + step)
        for i in 0..<length { out[i] = (a[i] + b[i]) + (c[i] + d[i]) }
      }
    }
    while done < count {
      let (a, b, c, d) = (start(done), start(done + 1), start(done + 2), start(done + 3))
      for line in 0..<lines {
        let out = out + first + line * result.width
        let step = line * source.width
        for i in 0..<length { out[i] += (a[step + i] + b[step + i]) + (c[step + i] + d[step + i]) }
      }
      done += 4
    }
  }
}
