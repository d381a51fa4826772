/// Max pooling. The maximum of a window with a NaN is NaN.
///
/// - Parameters:
///   - geometry: The windows. Dilation and upsampling are 1, and no window lies entirely in the padding. `filters` is
///     ignored.
///   - x: [batch, height, width, channels].
///   - out: [batch, outputHeight, outputWidth, channels].
package func maxPool(_ geometry: ConvolutionGeometry, _ x: Source, into out: Destination) {
  let channels = geometry.channels
  geometry.parallelPixels { pixel in
    let window = geometry.window(pixel)
    let out = out + pixel * channels
    if channels == 1 {
      out[0] = geometry.maximum(of: window, x).value
      return
    }
    out.update(repeating: -.infinity, count: channels)
    geometry.forEachPixel(of: window) { source, _ in
      let x = x + source * channels
      for i in 0..<channels { out[i] = x[i] > out[i] || x[i].isNaN ? x[i] : out[i] }
    }
  }
}

/// The index within its window of each maximum: the first of equal ones in row-major order, or the last NaN.
///
/// - Parameter out: [batch, outputHeight, outputWidth, channels]; an index is kernel row · kernelWidth + kernel column,
///   as a scalar, which is exact up to 2²⁴.
package func maxPoolIndices(_ geometry: ConvolutionGeometry, _ x: Source, into out: Destination) {
  let channels = geometry.channels
  parallelRanges(geometry.outputPixels, grain: geometry.poolingGrain) { range in
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: channels) { maxima in
      let maxima = maxima.baseAddress!
      for pixel in range {
        let window = geometry.window(pixel)
        let out = out + pixel * channels
        if channels == 1 {
          out[0] = geometry.maximum(of: window, x).position
          continue
        }
        maxima.update(repeating: -.infinity, count: channels)
        out.update(repeating: geometry.firstPosition(of: window), count: channels)
        geometry.forEachPixel(of: window) { source, position in
          let x = x + source * channels
          // Two loops, because one that writes both is not vectorized.
          for i in 0..<channels { out[i] = x[i] > maxima[i] || x[i].isNaN ? position : out[i] }
          for i in 0..<channels { maxima[i] = x[i] > maxima[i] || x[i].isNaN ? x[i] : maxima[i] }
        }
      }
    }
  }
}

/// Gathers one element of each window and channel.
///
/// - Parameter positions: Indices as in `maxPoolIndices`.
package func gatherFromWindows(
  _ geometry: ConvolutionGeometry, positions: Source, _ x: Source, into out: Destination
) {
  let channels = geometry.channels
  parallelRanges(geometry.outputPixels, grain: max(1, elementGrain / max(1, 4 * channels))) { range in
    for pixel in range {
      let window = geometry.window(pixel)
      for channel in pixel * channels..<(pixel + 1) * channels {
        let (kernelRow, kernelColumn) = Int(positions[channel]).quotientAndRemainder(dividingBy: geometry.kernelWidth)
        let source = window.pixel(kernelRow, kernelColumn, width: geometry.width)
        out[channel] = x[source * channels + channel - pixel * channels]
      }
    }
  }
}

/// The adjoint of `gatherFromWindows`: adds each element of `cotangent` to the element that it was gathered from.
package func scatterToWindows(
  _ geometry: ConvolutionGeometry, positions: Source, _ cotangent: Source, into out: Destination
) {
  // One task per row of the output, so that no two threads add to the same pixel.
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
        scatterRow(geometry, kernelRow, positions: positions + first, cotangent + first, into: line)
      }
    }
  }
}

/// Adds the cotangents of one row of windows whose indices lie in one row of the kernel.
@inline(__always)
private func scatterRow(
  _ geometry: ConvolutionGeometry, _ kernelRow: Int, positions: Source, _ cotangent: Source,
  into line: Destination
) {
  let channels = geometry.channels
  for outputColumn in 0..<geometry.outputWidth {
    let origin = outputColumn * geometry.stride - geometry.padding.left
    for channel in 0..<channels {
      let kernelColumn = Int(positions[outputColumn * channels + channel]) - kernelRow * geometry.kernelWidth
      guard kernelColumn >= 0 && kernelColumn < geometry.kernelWidth else { continue }
      line[(origin + kernelColumn) * channels + channel] += cotangent[outputColumn * channels + channel]
    }
  }
}

/// The part of a window that is not padding.
private struct Window {
  /// The index in the batch of the pixel at the kernel's first position, which may lie in the padding.
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

  fileprivate var poolingGrain: Int { max(1, elementGrain / max(1, kernelHeight * kernelWidth * channels)) }

  @inline(__always)
  fileprivate func parallelPixels(_ body: (Int) -> Void) {
    parallelRanges(outputPixels, grain: poolingGrain) { range in
      for pixel in range { body(pixel) }
    }
  }

  /// Calls `body` with the index in the batch of each pixel of a window, and its index in the kernel.
  @inline(__always)
  fileprivate func forEachPixel(of window: Window, _ body: (_ pixel: Int, _ position: Scalar) -> Void) {
    for kernelRow in window.kernelRows {
      for kernelColumn in window.kernelColumns {
        body(window.pixel(kernelRow, kernelColumn, width: width), Scalar(kernelRow * kernelWidth + kernelColumn))
      }
    }
  }

  /// The maximum of a window with one channel, and its index. Both stay in registers.
  @inline(__always)
  fileprivate func maximum(of window: Window, _ x: Source) -> (value: Scalar, position: Scalar) {
    var (maximum, position) = (-Scalar.infinity, firstPosition(of: window))
    forEachPixel(of: window) { pixel, candidate in
      if x[pixel] > maximum || x[pixel].isNaN { (maximum, position) = (x[pixel], candidate) }
    }
    return (maximum, position)
  }

  @inline(__always)
  fileprivate func firstPosition(of window: Window) -> Scalar {
    Scalar(window.kernelRows.lowerBound * kernelWidth + window.kernelColumns.lowerBound)
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
