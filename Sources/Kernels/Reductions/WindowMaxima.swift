/// The largest value of each window in each channel, and at which place of the kernel it is: the first of equal ones,
/// row by row; NaN if there is one.
///
/// - Parameters:
///   - geometry: The windows; dilation and upsampling are 1, and no window lies in the padding alone. Filters do not
///     count.
///   - x: [batch, height, width, channels].
///   - out, places: [batch, outputHeight, outputWidth, channels]; places are kernel row · kernelWidth + kernel column.
package func maximaOfWindows(
  _ geometry: ConvolutionGeometry, _ x: Source, into out: Destination, places: UnsafeMutablePointer<Int32>
) {
  let channels = geometry.channels
  let area = geometry.kernelHeight * geometry.kernelWidth
  parallelRanges(geometry.outputPixels, grain: max(1, elementGrain / max(1, area * channels))) { range in
    for pixel in range {
      let window = geometry.window(pixel)
      let out = out + pixel * channels
      let places = places + pixel * channels
      if channels == 1 {
        (out[0], places[0]) = geometry.maximum(of: window, x)
        continue
      }
      out.update(repeating: -.infinity, count: channels)
      places.update(repeating: geometry.firstPlace(of: window), count: channels)
      for kernelRow in window.kernelRows {
        for kernelColumn in window.kernelColumns {
          let x = x + window.pixel(kernelRow, kernelColumn, width: geometry.width) * channels
          let place = Int32(truncatingIfNeeded: kernelRow * geometry.kernelWidth + kernelColumn)
          // Two loops, since one that writes both is not vectorised.
          for i in 0..<channels { places[i] = x[i] > out[i] || x[i].isNaN ? place : places[i] }
          for i in 0..<channels { out[i] = x[i] > out[i] || x[i].isNaN ? x[i] : out[i] }
        }
      }
    }
  }
}

/// The value at one place of each window, channel by channel.
///
/// - Parameter places: As `maximaOfWindows` finds them.
package func pickFromWindows(
  _ geometry: ConvolutionGeometry, places: UnsafePointer<Int32>, _ x: Source, into out: Destination
) {
  let channels = geometry.channels
  parallelRanges(geometry.outputPixels, grain: max(1, elementGrain / max(1, 4 * channels))) { range in
    for pixel in range {
      let window = geometry.window(pixel)
      for channel in pixel * channels..<(pixel + 1) * channels {
        let (kernelRow, kernelColumn) = Int(places[channel]).quotientAndRemainder(dividingBy: geometry.kernelWidth)
        let source = window.pixel(kernelRow, kernelColumn, width: geometry.width)
        out[channel] = x[source * channels + channel - pixel * channels]
      }
    }
  }
}

/// The adjoint of `pickFromWindows`: adds each value of `cotangent` to where it was read.
package func returnToWindows(
  _ geometry: ConvolutionGeometry, places: UnsafePointer<Int32>, _ cotangent: Source, into out: Destination
) {
  // One row of the picture a task, so that no two threads add to the same pixel.
  let lineCount = geometry.width * geometry.channels
  parallelRanges(geometry.batch * geometry.height, grain: max(1, elementGrain / max(1, 4 * lineCount))) { range in
    for task in range {
      let (image, row) = task.quotientAndRemainder(dividingBy: geometry.height)
      let line = out + task * lineCount
      line.update(repeating: 0, count: lineCount)
      for kernelRow in 0..<geometry.kernelHeight {
        let (outputRow, rest) = (row + geometry.padding.top - kernelRow).quotientAndRemainder(
          dividingBy: geometry.stride)
        guard rest == 0 && outputRow >= 0 && outputRow < geometry.outputHeight else { continue }
        let first = (image * geometry.outputHeight + outputRow) * geometry.outputWidth * geometry.channels
        returnRow(geometry, kernelRow, places: places + first, cotangent + first, into: line)
      }
    }
  }
}

/// Adds what one row of windows read in one row of their kernel.
@inline(__always)
private func returnRow(
  _ geometry: ConvolutionGeometry, _ kernelRow: Int, places: UnsafePointer<Int32>, _ cotangent: Source,
  into line: Destination
) {
  let channels = geometry.channels
  for outputColumn in 0..<geometry.outputWidth {
    let origin = outputColumn * geometry.stride - geometry.padding.left
    for channel in 0..<channels {
      let kernelColumn = Int(places[outputColumn * channels + channel]) - kernelRow * geometry.kernelWidth
      guard kernelColumn >= 0 && kernelColumn < geometry.kernelWidth else { continue }
      line[(origin + kernelColumn) * channels + channel] += cotangent[outputColumn * channels + channel]
    }
  }
}

/// The part of a window that lies within the picture.
private struct Window {
  /// The number in the batch of the pixel at the kernel's first place, which may lie in the padding.
  let firstPixel: Int
  let kernelRows: Range<Int>
  let kernelColumns: Range<Int>

  @inline(__always)
  func pixel(_ kernelRow: Int, _ kernelColumn: Int, width: Int) -> Int {
    firstPixel + kernelRow * width + kernelColumn
  }
}

extension ConvolutionGeometry {
  fileprivate var outputPixels: Int { batch * outputHeight * outputWidth }

  /// The largest value of a window of a single channel, and its place, which need not be kept in memory meanwhile.
  @inline(__always)
  fileprivate func maximum(of window: Window, _ x: Source) -> (value: Scalar, place: Int32) {
    var (largest, place) = (-Scalar.infinity, firstPlace(of: window))
    for kernelRow in window.kernelRows {
      let row = x + window.pixel(kernelRow, 0, width: width)
      for kernelColumn in window.kernelColumns where row[kernelColumn] > largest || row[kernelColumn].isNaN {
        largest = row[kernelColumn]
        place = Int32(truncatingIfNeeded: kernelRow * kernelWidth + kernelColumn)
      }
    }
    return (largest, place)
  }

  @inline(__always)
  fileprivate func firstPlace(of window: Window) -> Int32 {
    Int32(truncatingIfNeeded: window.kernelRows.lowerBound * kernelWidth + window.kernelColumns.lowerBound)
  }

  @inline(__always)
  fileprivate func window(_ outputPixel: Int) -> Window {
    let (outputLine, outputColumn) = outputPixel.quotientAndRemainder(dividingBy: outputWidth)
    let (image, outputRow) = outputLine.quotientAndRemainder(dividingBy: outputHeight)
    let (row, column) = (outputRow * stride - padding.top, outputColumn * stride - padding.left)
    return Window(
      firstPixel: (image * height + row) * width + column,
      kernelRows: max(0, -row)..<min(kernelHeight, height - row),
      kernelColumns: max(0, -column)..<min(kernelWidth, width - column))
  }
}
