/// A place between two others, whose value is (1 - fraction) · lower + fraction · upper.
package struct InterpolatedPlace: Hashable, Sendable {
  package var lower: Int
  package var upper: Int
  package var fraction: Scalar

  package init(lower: Int, upper: Int, fraction: Scalar) {
    self.lower = lower
    self.upper = upper
    self.fraction = fraction
  }
}

/// Pixels between those of a picture: out[n, i, j] = x[n, rows[i], columns[j]], where both are places between two.
///
/// - Parameters:
///   - x: [batch, height, width, channels]; `out` is [batch, rows.count, columns.count, channels].
package func interpolatePixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [InterpolatedPlace], columns: [InterpolatedPlace],
  _ x: Source, into out: Destination
) {
  parallelRanges(batch * rows.count, grain: max(1, elementGrain / max(1, 4 * columns.count * channels))) { range in
    for task in range {
      let row = rows[task % rows.count]
      let picture = x + task / rows.count * height * width * channels
      let (upperLine, lowerLine) = (picture + row.lower * width * channels, picture + row.upper * width * channels)
      let (above, below) = (1 - row.fraction, row.fraction)
      var out = out + task * columns.count * channels
      for column in columns {
        let (left, right) = (column.lower * channels, column.upper * channels)
        let (before, behind) = (1 - column.fraction, column.fraction)
        for channel in 0..<channels {
          let upper = upperLine[left + channel] * before + upperLine[right + channel] * behind
          let lower = lowerLine[left + channel] * before + lowerLine[right + channel] * behind
          out[channel] = upper * above + lower * below
        }
        out += channels
      }
    }
  }
}

/// The adjoint of `interpolatePixels`: adds each pixel of `cotangent` to the four that it was made from.
package func spreadInterpolatedPixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [InterpolatedPlace], columns: [InterpolatedPlace],
  _ cotangent: Source, into out: Destination
) {
  // One row of the picture a task, so that no two threads add to the same pixel.
  var readers = [[(row: Int, weight: Scalar)]](repeating: [], count: height)
  for (reader, place) in rows.enumerated() {
    readers[place.lower].append((reader, 1 - place.fraction))
    readers[place.upper].append((reader, place.fraction))
  }
  parallelRanges(batch * height, grain: max(1, elementGrain / max(1, 4 * width * channels))) { range in
    for task in range {
      let (image, row) = task.quotientAndRemainder(dividingBy: height)
      let line = out + task * width * channels
      line.update(repeating: 0, count: width * channels)
      for reader in readers[row] where reader.weight != 0 {
        var source = cotangent + (image * rows.count + reader.row) * columns.count * channels
        for column in columns {
          let (before, behind) = (reader.weight * (1 - column.fraction), reader.weight * column.fraction)
          let (left, right) = (line + column.lower * channels, line + column.upper * channels)
          for channel in 0..<channels { left[channel] += before * source[channel] }
          for channel in 0..<channels { right[channel] += behind * source[channel] }
          source += channels
        }
      }
    }
  }
}
