/// y = x * w (+ bias), a cross-correlation as in every deep-learning library.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - w: [kernelHeight, kernelWidth, channels, filters].
///   - bias: [filters] or nil.
///   - y: [batch, outputHeight, outputWidth, filters].
public func convolve(
  _ geometry: ConvolutionGeometry, x: Source, w: Source, bias: Source?, into y: Destination
) {
  let filters = geometry.filters
  if ConvolutionMethod.usesWinograd(geometry) {
    withScratch(36 * geometry.channels * filters) { transformed in
      winogradTransformFilter(channels: geometry.channels, filters: filters, w, into: transformed)
      winogradConvolve(geometry, x: x, filter: transformed, bias: bias, into: y)
    }
    return
  }
  multiplyWindows(
    WindowGather(windowsOf: geometry), batch: geometry.batch, source: x, filter: w, filters: filters, into: y
  ) { pixels, products in
    guard let bias else { return }
    for row in 0..<pixels.count {
      let products = products + row * filters
      for filter in 0..<filters { products[filter] += bias[filter] }
    }
  }
}
