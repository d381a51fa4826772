/// Average pooling; padding does not count (PyTorch's `count_include_pad=False`).
///
/// - Parameters:
///   - geometry: The windows. Dilation and upsampling are 1, and no window lies entirely in the padding. `filters` is
///     ignored.
///   - x: [batch, height, width, channels].
///   - out: [batch, outputHeight, outputWidth, channels].
package func averagePool(_ geometry: ConvolutionGeometry, _ x: Source, into out: Destination) {
  let (channels, rows, columns) = (geometry.channels, geometry.rowWindows, geometry.columnWindows)
  parallelRanges(geometry.batch * geometry.outputHeight, grain: geometry.averagingGrain) { lines in
    for line in lines {
      let (image, outputRow) = line.quotientAndRemainder(dividingBy: geometry.outputHeight)
      for (outputColumn, window) in columns.enumerated() {
        let sums = out + (line * geometry.outputWidth + outputColumn) * channels
        sums.update(repeating: 0, count: channels)
        for row in rows[outputRow] {
          for column in window {
            let pixel = x + ((image * geometry.height + row) * geometry.width + column) * channels
            for i in 0..<channels { sums[i] += pixel[i] }
          }
        }
        let share = 1 / Scalar(rows[outputRow].count * window.count)
        for i in 0..<channels { sums[i] *= share }
      }
    }
  }
}

/// The adjoint of `averagePool`: adds to each pixel its share of the cotangents of the windows that contain it.
///
/// - Parameters:
///   - cotangent: [batch, outputHeight, outputWidth, channels].
///   - out: [batch, height, width, channels].
package func scatterAverages(_ geometry: ConvolutionGeometry, _ cotangent: Source, into out: Destination) {
  let (channels, rows, columns) = (geometry.channels, geometry.rowWindows, geometry.columnWindows)
  // One task per row of the output, so that no two threads add to the same pixel.
  parallelRanges(geometry.batch * geometry.height, grain: geometry.averagingGrain) { lines in
    for line in lines {
      let (image, row) = line.quotientAndRemainder(dividingBy: geometry.height)
      let target = out + line * geometry.width * channels
      target.update(repeating: 0, count: geometry.width * channels)
      for (outputRow, rowWindow) in rows.enumerated() where rowWindow.contains(row) {
        let source = cotangent + (image * geometry.outputHeight + outputRow) * geometry.outputWidth * channels
        for (outputColumn, window) in columns.enumerated() {
          let share = 1 / Scalar(rowWindow.count * window.count)
          for column in window {
            let (pixel, value) = (target + column * channels, source + outputColumn * channels)
            for i in 0..<channels { pixel[i] += share * value[i] }
          }
        }
      }
    }
  }
}

extension ConvolutionGeometry {
  /// The input rows that each row of windows covers, without padding.
  fileprivate var rowWindows: [Range<Int>] {
    (0..<outputHeight).map { Self.window($0 * stride - padding.top, kernelHeight, within: height) }
  }

  /// The input columns that each column of windows covers, without padding.
  fileprivate var columnWindows: [Range<Int>] {
    (0..<outputWidth).map { Self.window($0 * stride - padding.left, kernelWidth, within: width) }
  }

  private static func window(_ start: Int, _ length: Int, within size: Int) -> Range<Int> {
    max(0, start)..<min(size, start + length)
  }

  /// The number of lines that are worth a task.
  fileprivate var averagingGrain: Int {
    max(1, elementGrain / max(1, kernelHeight * kernelWidth * channels * width))
  }
}
