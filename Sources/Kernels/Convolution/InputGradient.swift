/// The gradient of a convolution's input: the adjoint of `convolve` in x.
///
/// With stride s, the input's pixels fall into s x s classes by their row and column modulo s. The pixels of a class
/// are reached by the same taps of the filter, so the gradient of a class is an ordinary convolution of the cotangent
/// with those taps: each pixel is gathered by one tile, and nothing is added across tiles.
package func convolveInputGradient(
  _ geometry: ConvolutionGeometry, cotangent: Source, w: Source, into dx: Destination
) {
  let backEnd = ConvolutionMethod.backEnd
  if ConvolutionMethod.usesWinograd(geometry), let (plan, filter) = geometry.winograd {
    return winogradConvolve(
      plan.ofInputGradient, x: cotangent, w: w, filter: WinogradFilter(flipped: filter), on: backEnd,
      into: .pixels(dx, bias: nil, .identity))
  }
  if ConvolutionMethod.usesNarrowInput(geometry) {
    return narrowInputGradient(geometry, cotangent: cotangent, w: w, on: backEnd, into: dx)
  }
  if geometry.upsampling > 1 {
    return upsampledInputGradient(geometry, cotangent: cotangent, w: w, into: dx)
  }
  let stride = geometry.stride
  let rowClasses = (0..<min(stride, geometry.height)).map {
    TapClass($0, stride, geometry.height, geometry.kernelHeight, geometry.dilation, geometry.padding.top)
  }
  let columnClasses = (0..<min(stride, geometry.width)).map {
    TapClass($0, stride, geometry.width, geometry.kernelWidth, geometry.dilation, geometry.padding.left)
  }
  withScratch(geometry.patchLength * geometry.filters) { filter in
    for rows in rowClasses {
      for columns in columnClasses {
        gradientOfClass(geometry, rows, columns, cotangent: cotangent, w: w, filter: filter, on: backEnd, into: dx)
      }
    }
  }
}

/// The gradient of the upsampled input, summed over the square of pixels that each input pixel was repeated to.
private func upsampledInputGradient(
  _ geometry: ConvolutionGeometry, cotangent: Source, w: Source, into dx: Destination
) {
  var enlarged = geometry
  enlarged.height *= geometry.upsampling
  enlarged.width *= geometry.upsampling
  enlarged.upsampling = 1
  let (side, channels) = (geometry.upsampling, geometry.channels)
  withScratch(enlarged.batch * enlarged.height * enlarged.width * channels) { gradient in
    convolveInputGradient(enlarged, cotangent: cotangent, w: w, into: gradient)
    parallel(tasks: geometry.batch * geometry.height) { row in
      let target = dx + row * geometry.width * channels
      target.update(repeating: 0, count: geometry.width * channels)
      for line in 0..<side {
        let source = gradient + (row * side + line) * enlarged.width * channels
        for column in 0..<enlarged.width {
          let (sum, pixel) = (target + column / side * channels, source + column * channels)
          for channel in 0..<channels { sum[channel] += pixel[channel] }
        }
      }
    }
  }
}

/// The input rows (or columns) `residue`, `residue` + stride, …, and the taps that reach them.
private struct TapClass {
  let residue: Int
  let count: Int
  let taps: [Int]
  /// Pixel t of the class reads the cotangent at t + offset; one offset per tap.
  let offsets: [Int]

  init(_ residue: Int, _ stride: Int, _ size: Int, _ kernel: Int, _ dilation: Int, _ padding: Int) {
    self.residue = residue
    count = (size - residue + stride - 1) / stride
    taps = (0..<kernel).filter { (residue + padding - $0 * dilation) % stride == 0 }
    offsets = taps.map { (residue + padding - $0 * dilation) / stride }
  }
}

private func gradientOfClass(
  _ geometry: ConvolutionGeometry, _ rows: TapClass, _ columns: TapClass, cotangent: Source, w: Source,
  filter: Destination, on backEnd: GEMM.BackEnd, into dx: Destination
) {
  let channels = geometry.channels
  let stride = geometry.stride
  let isWholeInput = stride == 1
  /// The address in dx of pixel number `pixel` of the class.
  func position(_ pixel: Int) -> Destination {
    let (line, column) = pixel.quotientAndRemainder(dividingBy: columns.count)
    let (image, row) = line.quotientAndRemainder(dividingBy: rows.count)
    let y = rows.residue + row * stride
    let x = columns.residue + column * stride
    return dx + ((image * geometry.height + y) * geometry.width + x) * channels
  }
  if rows.taps.isEmpty || columns.taps.isEmpty {
    for pixel in 0..<geometry.batch * rows.count * columns.count {
      position(pixel).update(repeating: 0, count: channels)
    }
    return
  }
  transposeTaps(geometry, rows: rows.taps, columns: columns.taps, w: w, into: filter)
  let im2col = Im2col(
    sourceHeight: geometry.outputHeight, sourceWidth: geometry.outputWidth, channels: geometry.filters,
    gridHeight: rows.count, gridWidth: columns.count, rowOffsets: rows.offsets, columnOffsets: columns.offsets)
  multiplyPatches(
    im2col, batch: geometry.batch, source: cotangent, filter: filter, filters: channels, on: backEnd,
    into: isWholeInput ? dx : nil
  ) { pixels, products in
    guard !isWholeInput else { return }
    for (row, pixel) in pixels.enumerated() {
      position(pixel).update(from: products + row * channels, count: channels)
    }
  }
}

/// Gathers the given taps of the filter, each transposed from channels x filters to filters x channels.
private func transposeTaps(
  _ geometry: ConvolutionGeometry, rows: [Int], columns: [Int], w: Source, into filter: Destination
) {
  let (channels, filters) = (geometry.channels, geometry.filters)
  parallel(tasks: rows.count * columns.count) { task in
    let (row, column) = task.quotientAndRemainder(dividingBy: columns.count)
    let tap = rows[row] * geometry.kernelWidth + columns[column]
    transpose(
      rows: channels, columns: filters, w + tap * channels * filters, into: filter + task * channels * filters)
  }
}

/// The gradient of a convolution's input with few channels, such as RGB.
///
/// A product with so few columns would leave most of each vector empty. So all taps of a kernel row become columns of
/// one product with the cotangent's pixels, whose columns are then added to the pixels they belong to. Each row of the
/// input is one task, so that no two threads add to the same pixel.
func narrowInputGradient(
  _ geometry: ConvolutionGeometry, cotangent: Source, w: Source, on backEnd: GEMM.BackEnd = GEMM.backEnd,
  into dx: Destination
) {
  let filters = geometry.filters
  let taps = geometry.kernelWidth * geometry.channels
  let panelLength = panelsLength(k: filters, n: taps)
  let columns = panelLength / filters
  withScratch(geometry.kernelHeight * panelLength) { panels in
    withScratch(taps * filters) { transposed in
      for kernelRow in 0..<geometry.kernelHeight {
        transpose(rows: taps, columns: filters, w + kernelRow * taps * filters, into: transposed)
        packPanels(k: filters, n: taps, transposed, stride: taps, into: panels + kernelRow * panelLength)
      }
    }
    parallelWorkers(tasks: geometry.batch * geometry.height) { next in
      withScratch(geometry.outputWidth * columns) { products in
        while let task = next() {
          let (image, row) = task.quotientAndRemainder(dividingBy: geometry.height)
          let line = dx + task * geometry.width * geometry.channels
          line.update(repeating: 0, count: geometry.width * geometry.channels)
          for kernelRow in 0..<geometry.kernelHeight {
            let reach = row + geometry.padding.top - kernelRow * geometry.dilation
            guard reach >= 0, reach % geometry.stride == 0, reach / geometry.stride < geometry.outputHeight else {
              continue
            }
            let pixels =
              cotangent + (image * geometry.outputHeight + reach / geometry.stride) * geometry.outputWidth * filters
            // [pixels of the row x filters] · [filters x taps]
            for column in stride(from: 0, to: columns, by: Microkernel.columns) {
              RightMatrix(on: backEnd, k: filters, panels: panels + kernelRow * panelLength + column * filters)
                .multiply(
                  m: geometry.outputWidth, pixels, rowStride: filters, step: 1, into: products + column,
                  cStride: columns)
            }
            addTaps(geometry, products, columns: columns, to: line)
          }
        }
      }
    }
  }
}

/// Adds the products of a row of the output to the pixels of a row of the input.
@inline(__always)
private func addTaps(_ geometry: ConvolutionGeometry, _ products: Source, columns: Int, to line: Destination) {
  let channels = geometry.channels
  for tap in 0..<geometry.kernelWidth {
    let shift = tap * geometry.dilation - geometry.padding.left
    for pixel in 0..<geometry.outputWidth {
      let column = pixel * geometry.stride + shift
      guard column >= 0, column < geometry.width else { continue }
      let (source, target) = (products + pixel * columns + tap * channels, line + column * channels)
      for channel in 0..<channels { target[channel] += source[channel] }
    }
  }
}
