/// The cotangent of a convolution's input of few channels, such as a picture's.
///
/// A product with so few columns would leave most of each vector empty. So all taps of a kernel row are columns of one
/// product of the cotangent's pixels, and its columns are then added to the pixels they belong to. Each row of the input
/// is one task: no two threads add to the same pixel.
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
              RightMatrix(on: backEnd, k: filters, panel: panels + kernelRow * panelLength + column * filters)
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
