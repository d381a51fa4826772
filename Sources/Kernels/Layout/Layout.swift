/// Permutes the axes of an array: axis i of `out` is axis `axes[i]` of `x`.
package func permute(shape: [Int], axes: [Int], _ x: Source, into out: Destination) {
  var steps = [Int](repeating: 1, count: shape.count)
  for axis in stride(from: shape.count - 2, through: 0, by: -1) { steps[axis] = steps[axis + 1] * shape[axis + 1] }
  let sizes = axes.map { shape[$0] }
  let sourceSteps = axes.map { steps[$0] }
  let inner = sizes.last ?? 1
  let innerStep = sourceSteps.last ?? 1
  let rows = sizes.dropLast().reduce(1, *)
  parallelRanges(rows, grain: max(1, elementGrain / max(1, inner))) { range in
    for row in range {
      var rest = row
      var source = x
      for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
        let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[axis])
        source += index * sourceSteps[axis]
        rest = quotient
      }
      let out = out + row * inner
      if innerStep == 1 {
        out.update(from: source, count: inner)
      } else {
        for i in 0..<inner { out[i] = source[i * innerStep] }
      }
    }
  }
}

/// out[j, i] = x[i, j] of a row-major matrix, on the calling thread.
func transpose(rows: Int, columns: Int, _ x: Source, into out: Destination) {
  // Blocks whose rows and columns both stay in the cache.
  let side = 16
  for firstRow in stride(from: 0, to: rows, by: side) {
    for firstColumn in stride(from: 0, to: columns, by: side) {
      for column in firstColumn..<min(columns, firstColumn + side) {
        for row in firstRow..<min(rows, firstRow + side) {
          out[column * rows + row] = x[row * columns + column]
        }
      }
    }
  }
}

/// Copies a block from an array: out = x[starts..<starts + sizes].
package func copyBlock(
  shape: [Int], starts: [Int], sizes: [Int], _ x: Source, into out: Destination
) {
  forEachRow(shape: shape, starts: starts, sizes: sizes) { outer, block, count in
    (out + block).update(from: x + outer, count: count)
  }
}

/// Copies an array into a block of a larger one: out[starts..<starts + sizes] = x. The rest of `out` is unchanged.
package func copyIntoBlock(
  shape: [Int], starts: [Int], sizes: [Int], _ x: Source, into out: Destination
) {
  forEachRow(shape: shape, starts: starts, sizes: sizes) { outer, block, count in
    (out + outer).update(from: x + block, count: count)
  }
}

/// Adds an array to a block of a larger one: out[starts..<starts + sizes] += x.
package func addIntoBlock(
  shape: [Int], starts: [Int], sizes: [Int], _ x: Source, into out: Destination
) {
  forEachRow(shape: shape, starts: starts, sizes: sizes) { outer, block, count in
    let (out, x) = (out + outer, x + block)
    for i in 0..<count { out[i] += x[i] }
  }
}

/// Calls `body` with the offsets of each contiguous row of a block, in the whole array (`outer`) and in the block.
@inline(__always)
private func forEachRow(
  shape: [Int], starts: [Int], sizes: [Int], _ body: (_ outer: Int, _ block: Int, _ count: Int) -> Void
) {
  // Trailing axes that are taken whole form one run with the axis before them.
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

/// Copies pixels by row and column: out[n, i, j] = x[n, rows[i], columns[j]], as in nearest-neighbor resizing.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - out: [batch, rows.count, columns.count, channels].
package func gatherPixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [Int], columns: [Int], _ x: Source, into out: Destination
) {
  parallelRanges(batch * rows.count, grain: max(1, elementGrain / max(1, columns.count * channels))) { range in
    for task in range {
      let (image, row) = task.quotientAndRemainder(dividingBy: rows.count)
      let line = x + (image * height + rows[row]) * width * channels
      var out = out + task * columns.count * channels
      for column in columns {
        let pixel = line + column * channels
        for channel in 0..<channels { out[channel] = pixel[channel] }
        out += channels
      }
    }
  }
}

/// The adjoint of `gatherPixels`: adds each pixel of `cotangent` to the pixel that it was copied from.
package func scatterPixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [Int], columns: [Int], _ cotangent: Source,
  into out: Destination
) {
  var readers = [[Int]](repeating: [], count: height)
  for (reader, row) in rows.enumerated() { readers[row].append(reader) }
  parallelRanges(batch * height, grain: max(1, elementGrain / max(1, width * channels))) { range in
    for task in range {
      let (image, row) = task.quotientAndRemainder(dividingBy: height)
      let line = out + task * width * channels
      line.update(repeating: 0, count: width * channels)
      for reader in readers[row] {
        var source = cotangent + (image * rows.count + reader) * columns.count * channels
        for column in columns {
          let pixel = line + column * channels
          for channel in 0..<channels { pixel[channel] += source[channel] }
          source += channels
        }
      }
    }
  }
}

/// Copies rows of a matrix: out[i] = x[rows[i]].
package func gatherRows(columns: Int, rows: [Int], _ x: Source, into out: Destination) {
  parallelRanges(rows.count, grain: max(1, elementGrain / max(1, columns))) { range in
    for i in range { (out + i * columns).update(from: x + rows[i] * columns, count: columns) }
  }
}

/// The adjoint of `gatherRows`: out[rows[i]] += x[i]. Rows may repeat.
package func addRows(columns: Int, rows: [Int], _ x: Source, into out: Destination) {
  // Each thread has columns of its own, because several rows may be added to one.
  parallelRanges(columns, grain: max(16, elementGrain / max(1, rows.count))) { range in
    for (i, row) in rows.enumerated() {
      let (out, x) = (out + row * columns, x + i * columns)
      for column in range { out[column] += x[column] }
    }
  }
}
