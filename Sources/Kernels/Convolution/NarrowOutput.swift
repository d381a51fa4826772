// Convolutions with few output channels, such as RGB. A product with so few columns would leave most of each vector
// empty: here all taps of a kernel row are columns of one product with the input's pixels.

extension ConvolutionGeometry {
  /// True if the filters of all taps of a kernel row fit into one panel, and there are enough channels to sum over.
  var hasNarrowOutput: Bool {
    stride == 1 && upsampling == 1 && kernelWidth > 1 && filters * kernelWidth <= Microkernel.columns && channels >= 8
  }

  /// The input row that a kernel row reads for an output row; nil in the padding.
  fileprivate func inputRow(output row: Int, kernelRow: Int) -> Int? {
    let reach = row + kernelRow * dilation - padding.top
    return (0..<height).contains(reach) ? reach : nil
  }

  /// The offset of the input column that a tap reads from the output column.
  fileprivate func shift(_ tap: Int) -> Int { tap * dilation - padding.left }

  /// The output columns for which a tap reads the input, not the padding.
  fileprivate func outputColumns(_ tap: Int) -> Range<Int> {
    let first = max(0, -shift(tap))
    return first..<max(first, min(outputWidth, width - shift(tap)))
  }
}

/// The forward pass. Each row of the output is one task.
func narrowConvolve(
  _ geometry: ConvolutionGeometry, x: Source, w: Source, bias: Source?, activation: Activation,
  on backEnd: GEMM.BackEnd = GEMM.backEnd, into y: Destination
) {
  let (columns, filters, channels) = (Microkernel.columns, geometry.filters, geometry.channels)
  withScratch(geometry.kernelHeight * channels * columns) { panels in
    arrangeTaps(geometry, w, into: panels)
    parallelWorkers(tasks: geometry.batch * geometry.outputHeight) { next in
      withScratch(geometry.width * columns) { products in
        while let task = next() {
          let (image, row) = task.quotientAndRemainder(dividingBy: geometry.outputHeight)
          let line = y + task * geometry.outputWidth * filters
          line.update(repeating: 0, count: geometry.outputWidth * filters)
          for kernelRow in 0..<geometry.kernelHeight {
            guard let inputRow = geometry.inputRow(output: row, kernelRow: kernelRow) else { continue }
            // [pixels of the row x channels] · [channels x taps]
            RightMatrix(on: backEnd, k: channels, panels: panels + kernelRow * channels * columns)
              .multiply(
                m: geometry.width, x + (image * geometry.height + inputRow) * geometry.width * channels,
                rowStride: channels, step: 1, into: products, cStride: columns)
            addTaps(geometry, products, to: line)
          }
          addBias(bias, pixels: geometry.outputWidth, filters: filters, to: line)
          activate(activation, geometry.outputWidth * filters, line)
        }
      }
    }
  }
}

/// Packs the filters of each kernel row into a panel of channels x 16, with one column per tap and filter.
private func arrangeTaps(_ geometry: ConvolutionGeometry, _ w: Source, into panels: Destination) {
  let (columns, filters, channels) = (Microkernel.columns, geometry.filters, geometry.channels)
  panels.update(repeating: 0, count: geometry.kernelHeight * channels * columns)
  for tap in 0..<geometry.kernelHeight * geometry.kernelWidth {
    let (kernelRow, kernelColumn) = tap.quotientAndRemainder(dividingBy: geometry.kernelWidth)
    for channel in 0..<channels {
      let target = panels + (kernelRow * channels + channel) * columns + kernelColumn * filters
      target.update(from: w + (tap * channels + channel) * filters, count: filters)
    }
  }
}

/// Adds the products of a row of the input to the pixels of a row of the output.
@inline(__always)
private func addTaps(_ geometry: ConvolutionGeometry, _ products: Source, to line: Destination) {
  let filters = geometry.filters
  for tap in 0..<geometry.kernelWidth {
    for column in geometry.outputColumns(tap) {
      let source = products + (column + geometry.shift(tap)) * Microkernel.columns + tap * filters
      let target = line + column * filters
      for filter in 0..<filters { target[filter] += source[filter] }
    }
  }
}

/// The gradient of the filter: the transposed input rows times the cotangents that each of their pixels contributes to.
/// Groups of rows are the tasks, and their sums are added in order.
func narrowFilterGradient(
  _ geometry: ConvolutionGeometry, x: Source, cotangent: Source, on backEnd: GEMM.BackEnd = GEMM.backEnd,
  into dw: Destination
) {
  let (columns, filters, channels) = (Microkernel.columns, geometry.filters, geometry.channels)
  let rows = geometry.batch * geometry.outputHeight
  let rowsPerGroup = (rows + 31) / 32
  let groups = (rows + rowsPerGroup - 1) / rowsPerGroup
  let length = geometry.kernelHeight * channels * columns
  withScratch((groups + 1) * length) { sums in
    parallelWorkers(tasks: groups) { next in
      withScratch(geometry.width * columns) { panel in
        while let group = next() {
          let sum = sums + group * length
          sum.update(repeating: 0, count: length)
          for task in group * rowsPerGroup..<min(rows, (group + 1) * rowsPerGroup) {
            let (image, row) = task.quotientAndRemainder(dividingBy: geometry.outputHeight)
            packCotangents(geometry, cotangent + task * geometry.outputWidth * filters, into: panel)
            for kernelRow in 0..<geometry.kernelHeight {
              guard let inputRow = geometry.inputRow(output: row, kernelRow: kernelRow) else { continue }
              // [channels x pixels of the row] · [pixels x taps]
              RightMatrix(on: backEnd, k: geometry.width, panels: panel)
                .multiply(
                  m: channels, x + (image * geometry.height + inputRow) * geometry.width * channels, rowStride: 1,
                  step: channels, into: sum + kernelRow * channels * columns, cStride: columns, accumulates: true)
            }
          }
        }
      }
    }
    let total = sums + groups * length
    addGroups(groups, length, sums, into: total)
    for tap in 0..<geometry.kernelHeight * geometry.kernelWidth {
      let (kernelRow, kernelColumn) = tap.quotientAndRemainder(dividingBy: geometry.kernelWidth)
      for channel in 0..<channels {
        let source = total + (kernelRow * channels + channel) * columns + kernelColumn * filters
        (dw + (tap * channels + channel) * filters).update(from: source, count: filters)
      }
    }
  }
}

/// Scatters the cotangents of an output row to the input pixels that the taps read: width x 16, with one column per tap
/// and filter.
private func packCotangents(_ geometry: ConvolutionGeometry, _ line: Source, into panel: Destination) {
  let (columns, filters) = (Microkernel.columns, geometry.filters)
  panel.update(repeating: 0, count: geometry.width * columns)
  for tap in 0..<geometry.kernelWidth {
    for column in geometry.outputColumns(tap) {
      let target = panel + (column + geometry.shift(tap)) * columns + tap * filters
      for filter in 0..<filters { target[filter] = line[column * filters + filter] }
    }
  }
}
