/// Copies a block of an array out: out = x[starts..<starts + sizes].
package func copyBlock(
  shape: [Int], starts: [Int], sizes: [Int], _ x: Source, into out: Destination
) {
  forEachRow(shape: shape, starts: starts, sizes: sizes) { outer, block, count in
    (out + block).update(from: x + outer, count: count)
  }
}

/// Copies an array into a block of a larger one: out[starts..<starts + sizes] = x. The rest of `out` is left alone.
package func copyIntoBlock(
  shape: [Int], starts: [Int], sizes: [Int], _ x: Source, into out: Destination
) {
  forEachRow(shape: shape, starts: starts, sizes: sizes) { outer, block, count in
    (out + outer).update(from: x + block, count: count)
  }
}

/// Calls `body` with the offsets of each contiguous row of a block, in the whole array and in the block alone.
@inline(__always)
private func forEachRow(
  shape: [Int], starts: [Int], sizes: [Int], _ body: (_ outer: Int, _ block: Int, _ count: Int) -> Void
) {
  // Trailing axes that are taken whole are one run with the axis before them.
  var runAxis = shape.count - 1
  var runLength = 1
  while runAxis > 0 && sizes[runAxis] == shape[runAxis] {
    runLength *= shape[runAxis]
    runAxis -= 1
  }
  guard runAxis >= 0 else { return body(0, 0, 1) }
  var steps = [Int](repeating: 1, count: shape.count)
  for axis in stride(from: shape.count - 2, through: 0, by: -1) { steps[axis] = steps[axis + 1] * shape[axis + 1] }
  let count = sizes[runAxis] * runLength
  let first = starts[runAxis] * runLength
  let rows = sizes[..<runAxis].reduce(1, *)
  parallelRanges(rows, grain: max(1, elementGrain / max(1, count))) { range in
    for row in range {
      var rest = row
      var outer = first
      for axis in stride(from: runAxis - 1, through: 0, by: -1) {
        let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[axis])
        outer += (starts[axis] + index) * steps[axis]
        rest = quotient
      }
      body(outer, row * count, count)
    }
  }
}
