/// Copies pixels by row and column: out[n, i, j] = x[n, rows[i], columns[j]]. Nearest-neighbor resizing is a map of
/// this kind.
///
/// - Parameters:
///   - x: [batch, height, width, channels]; `out` is [batch, rows.count, columns.count, channels].
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

/// The adjoint of `gatherPixels`: adds each pixel of `cotangent` to where it was read.
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
