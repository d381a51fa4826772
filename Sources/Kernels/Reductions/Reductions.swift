/// Sums over the middle axis of an [outer, count, inner] array.
///
/// Rows are summed in blocks of fixed size, and the blocks in order: the result does not depend on the number of
/// threads, and the rounding error grows with the number of blocks, not of elements.
package func sum(outer: Int, count: Int, inner: Int, _ x: Source, into out: Destination) {
  if inner == 1 {
    sumRows(rows: outer, count: count, x, into: out)
  } else {
    sumColumns(outer: outer, count: count, inner: inner, x, into: out)
  }
}

/// Sums over the rows of a [rows, count] array.
private func sumRows(rows: Int, count: Int, _ x: Source, into out: Destination) {
  let blockLength = 16_384
  let blocks = max(1, (count + blockLength - 1) / blockLength)
  if blocks == 1 {
    parallelRanges(rows, grain: max(1, elementGrain / max(1, count))) { range in
      for row in range {
        let x = x + row * count
        out[row] = laneSum(count) { x[$0] }
      }
    }
    return
  }
  withScratch(rows * blocks) { partial in
    parallelRanges(rows * blocks, grain: elementGrain / blockLength) { range in
      for task in range {
        let (row, block) = task.quotientAndRemainder(dividingBy: blocks)
        let start = block * blockLength
        let x = x + row * count + start
        partial[task] = laneSum(min(blockLength, count - start)) { x[$0] }
      }
    }
    for row in 0..<rows { out[row] = laneSum(blocks) { partial[row * blocks + $0] } }
  }
}

private func sumColumns(outer: Int, count: Int, inner: Int, _ x: Source, into out: Destination) {
  // A limit on the rows that are added one after the other, because rounding errors grow with their number.
  let blockLength = min(1024, max(16, 32_768 / max(1, inner)))
  let blocks = max(1, (count + blockLength - 1) / blockLength)
  withScratch(blocks == 1 ? 0 : outer * blocks * inner) { partial in
    let sums = blocks == 1 ? out : partial
    parallelRanges(outer * blocks, grain: max(1, elementGrain / max(1, blockLength * inner))) { range in
      for task in range {
        let (index, block) = task.quotientAndRemainder(dividingBy: blocks)
        let rows = block * blockLength..<min(count, (block + 1) * blockLength)
        addRows(rows, inner, x + index * count * inner, into: sums + task * inner)
      }
    }
    guard blocks > 1 else { return }
    for index in 0..<outer {
      addRows(0..<blocks, inner, Source(partial) + index * blocks * inner, into: out + index * inner)
    }
  }
}

@inline(__always)
private func addRows(_ rows: Range<Int>, _ inner: Int, _ x: Source, into sum: Destination) {
  for i in 0..<inner { sum[i] = 0 }
  for row in rows {
    let x = x + row * inner
    for i in 0..<inner { sum[i] += x[i] }
  }
}

/// Σ x[i] · y[i], summed in blocks of fixed size, and the blocks in order.
package func dotProduct(_ count: Int, _ x: Source, _ y: Source) -> Scalar {
  let blockLength = 16_384
  let blocks = (count + blockLength - 1) / blockLength
  return withScratch(blocks) { partial in
    parallelRanges(blocks, grain: elementGrain / blockLength) { range in
      for block in range {
        let x = x + block * blockLength
        let y = y + block * blockLength
        partial[block] = laneSum(min(blockLength, count - block * blockLength)) { x[$0] * y[$0] }
      }
    }
    return laneSum(blocks) { partial[$0] }
  }
}

/// The sum of `term(i)` for i in 0..<count, as 16 partial sums, so that the loop is vectorized; a strictly ordered sum
/// never is.
@inline(__always)
func laneSum(_ count: Int, _ term: (Int) -> Scalar) -> Scalar {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 16) { lanes in
    let lanes = lanes.baseAddress!
    for lane in 0..<16 { lanes[lane] = 0 }
    let whole = count / 16 * 16
    for start in stride(from: 0, to: whole, by: 16) {
      for lane in 0..<16 { lanes[lane] += term(start + lane) }
    }
    var total: Scalar = 0
    for i in whole..<count { total += term(i) }
    for width in [8, 4, 2, 1] {
      for lane in 0..<width { lanes[lane] += lanes[lane + width] }
    }
    return total + lanes[0]
  }
}

/// The maximum over the middle axis of an [outer, count, inner] array; NaN if there is one.
///
/// - Precondition: `count` > 0.
package func maximum(outer: Int, count: Int, inner: Int, _ x: Source, into out: Destination) {
  parallelRanges(outer, grain: max(1, elementGrain / max(1, count * inner))) { range in
    for index in range {
      let x = x + index * count * inner
      let out = out + index * inner
      for i in 0..<inner { out[i] = x[i] }
      for row in 1..<max(1, count) {
        let x = x + row * inner
        for i in 0..<inner { out[i] = x[i] > out[i] ? x[i] : (out[i] >= x[i] ? out[i] : .nan) }
      }
    }
  }
}

/// The index of the largest element of each row of a [rows, count] array. Of equal elements the first counts; the index
/// is 0 for a row of NaN.
///
/// - Precondition: `count` > 0.
package func argmax(rows: Int, count: Int, _ x: Source, into out: UnsafeMutablePointer<Int>) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, count))) { range in
    for row in range {
      let x = x + row * count
      var largest = -Scalar.infinity
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      var position = 0
      while position < count, x[position] != largest { position += 1 }
      out[row] = position < count ? position : 0
    }
  }
}
