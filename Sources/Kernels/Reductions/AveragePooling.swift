/// The mean of each window in each channel, over the pixels that lie within the picture: padding is not counted.
///
/// - Parameters:
///   - geometry: The windows; dilation and upsampling are 1, and no window lies in the padding alone. Filters do not
///     count.
///   - x: [batch, height, width, channels]; `out` is [batch, outputHeight, outputWidth, channels].
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

/// The adjoint of `averagePool`: each pixel gets its share of the windows that it lies in.
///
/// - Parameter cotangent: [batch, outputHeight, outputWidth, channels]; `out` is [batch, height, width, channels].
package func spreadAverages(_ geometry: ConvolutionGeometry, _ cotangent: Source, into out: Destination) {
  let (channels, rows, columns) = (geometry.channels, geometry.rowWindows, geometry.columnWindows)
  // One row of the picture a task, so that no two threads add to the same pixel.
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
  /// The rows of the picture that each row of windows covers.
  fileprivate var rowWindows: [Range<Int>] {
    (0..<outputHeight).map { Self.window($0 * stride - padding.top, kernelHeight, within: height) }
  }

  /// The columns that each column of windows covers.
  fileprivate var columnWindows: [Range<Int>] {
    (0..<outputWidth).map { Self.window($0 * stride - padding.left, kernelWidth, within: width) }
  }

  private static func window(_ start: Int, _ length: Int, within size: Int) -> Range<Int> {
    max(0, start)..<min(size, start + length)
  }

  /// Lines that are worth a thread's while.
  fileprivate var averagingGrain: Int {
    max(1, elementGrain / max(1, kernelHeight * kernelWidth * channels * width))
  }
}
