/// Bilinear sampling of feature maps at fractional positions, with zero padding: the four pixels around a position are
/// weighted by the product of two linear factors, one along x and one along y.
package struct BilinearSampling: Sendable {
  /// The axes along which weights are replaced by their derivatives with respect to the position.
  package struct Slopes: OptionSet, Sendable {
    package let rawValue: Int
    package static let x = Slopes(rawValue: 1)
    package static let y = Slopes(rawValue: 2)

    package init(rawValue: Int) { self.rawValue = rawValue }
  }

  package let batch: Int
  package let height: Int
  package let width: Int
  package let channels: Int
  /// The number of sampling positions per image.
  package let places: Int
  package let slopes: Slopes

  package init(batch: Int, height: Int, width: Int, channels: Int, places: Int, slopes: Slopes) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.places = places
    self.slopes = slopes
  }
}

/// Samples feature maps at positions: out[n, p] = Σ weight(p, pixel) · x[n, pixel].
///
/// Pixels of weight 0 are not read, so a position at the center of a pixel gives that pixel bit for bit. A position
/// that is NaN gives NaN.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - places: The positions, x and y in pixels: [batch, places, 2].
///   - out: [batch, places, channels].
package func sampleBilinear(_ sampling: BilinearSampling, _ x: Source, at places: Source, into out: Destination) {
  let channels = sampling.channels
  parallelRanges(sampling.batch * sampling.places, grain: max(1, elementGrain / max(1, 4 * channels))) { range in
    for task in range {
      let picture = x + task / sampling.places * sampling.pixels * channels
      let (place, out) = (places + 2 * task, out + task * channels)
      var isUntouched = true
      sampling.forEachPixel(around: place) { pixel, weight in
        let source = picture + pixel * channels
        if isUntouched {
          for channel in 0..<channels { out[channel] = weight * source[channel] }
        } else {
          for channel in 0..<channels { out[channel] += weight * source[channel] }
        }
        isUntouched = false
      }
      if isUntouched { out.update(repeating: place[0].isNaN || place[1].isNaN ? .nan : 0, count: channels) }
    }
  }
}

/// The adjoint of `sampleBilinear` in x: adds each position's cotangent to the pixels that it was sampled from, with
/// the same weights. Each pixel is summed in the order of the positions.
///
/// - Parameters:
///   - cotangent: [batch, places, channels].
///   - out: [batch, height, width, channels].
package func scatterBilinear(
  _ sampling: BilinearSampling, _ cotangent: Source, at places: Source, into out: Destination
) {
  let channels = sampling.channels
  // A band of rows has one writer, whatever the positions.
  let band = max(1, elementGrain / max(1, sampling.width * channels)) * sampling.width
  let bands = (sampling.pixels + band - 1) / max(1, band)
  parallel(tasks: sampling.batch * bands) { task in
    let (image, number) = task.quotientAndRemainder(dividingBy: bands)
    let (first, last) = (number * band, min(sampling.pixels, (number + 1) * band))
    let picture = out + image * sampling.pixels * channels
    (picture + first * channels).update(repeating: 0, count: (last - first) * channels)
    for place in image * sampling.places..<(image + 1) * sampling.places {
      let source = cotangent + place * channels
      sampling.forEachPixel(around: places + 2 * place) { pixel, weight in
        guard pixel >= first, pixel < last else { return }
        let target = picture + pixel * channels
        for channel in 0..<channels { target[channel] += weight * source[channel] }
      }
    }
  }
}

extension BilinearSampling {
  fileprivate var pixels: Int { height * width }

  /// Calls `body` with the index and weight of each pixel whose weight at a position is not 0.
  @inline(__always)
  fileprivate func forEachPixel(around place: Source, _ body: (_ pixel: Int, _ weight: Scalar) -> Void) {
    guard let column = Neighbors(of: place[0], size: width, isSlope: slopes.contains(.x)),
      let row = Neighbors(of: place[1], size: height, isSlope: slopes.contains(.y))
    else { return }
    for corner in 0..<4 {
      let isBelow = corner >= 2
      let isBehind = corner % 2 == 1
      let weight = (isBelow ? row.second : row.first) * (isBehind ? column.second : column.first)
      if weight != 0 { body((row.index + (isBelow ? 1 : 0)) * width + column.index + (isBehind ? 1 : 0), weight) }
    }
  }
}

/// The two pixels around a position along one axis.
private struct Neighbors {
  /// The index of the first; -1 if it lies in the padding.
  let index: Int
  /// The weights of the two; 0 in the padding.
  let first: Scalar
  let second: Scalar

  /// nil if both lie in the padding. At a pixel's center, slopes are the right-hand derivatives.
  @inline(__always)
  init?(of place: Scalar, size: Int, isSlope: Bool) {
    guard place >= -1, place < Scalar(size) else { return nil }
    let floor = place.rounded(.down)
    index = Int(floor)
    let part = place - floor
    first = index < 0 ? 0 : isSlope ? -1 : 1 - part
    second = index + 1 >= size ? 0 : isSlope ? 1 : part
  }
}

/// A position between two pixels along one axis, whose value is (1 - fraction) · lower + fraction · upper.
package struct InterpolatedPosition: Hashable, Sendable {
  package var lower: Int
  package var upper: Int
  package var fraction: Scalar

  package init(lower: Int, upper: Int, fraction: Scalar) {
    self.lower = lower
    self.upper = upper
    self.fraction = fraction
  }
}

/// Linear interpolation between pixels: out[n, i, j] = x[n, rows[i], columns[j]].
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - out: [batch, rows.count, columns.count, channels].
package func interpolatePixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [InterpolatedPosition], columns: [InterpolatedPosition],
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

/// The adjoint of `interpolatePixels`: adds each pixel of `cotangent` to the four pixels that it was interpolated from.
package func scatterInterpolatedPixels(
  batch: Int, height: Int, width: Int, channels: Int, rows: [InterpolatedPosition], columns: [InterpolatedPosition],
  _ cotangent: Source, into out: Destination
) {
  // One task per row of the output, so that no two threads add to the same pixel.
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
