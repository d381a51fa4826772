/// Sums over the middle axis of an outer x count x inner array.
///
/// Rows are summed in blocks of fixed size and the blocks in order: the result does not depend on the threads, and the
/// rounding error grows with the number of blocks, not of elements.
package func sum(outer: Int, count: Int, inner: Int, _ x: Source, into out: Destination) {
  if inner == 1 {
    sumRows(rows: outer, count: count, x, into: out)
  } else {
    sumColumns(outer: outer, count: count, inner: inner, x, into: out)
  }
}

/// The sum of each row of a rows x count array.
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
  // At most so many rows one after the other: rounding errors grow with their number.
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
