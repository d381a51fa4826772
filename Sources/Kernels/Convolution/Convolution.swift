/// y = activation(x * w (+ bias)), a cross-correlation as in every deep-learning library.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - w: [kernelHeight, kernelWidth, channels, filters].
///   - bias: [filters] or nil.
///   - transformed: What is known of `w` from earlier calls; nil to keep nothing.
///   - y: [batch, outputHeight, outputWidth, filters].
package func convolve(
  _ geometry: ConvolutionGeometry, x: Source, w: Source, bias: Source?, activation: Activation = .identity,
  transformed: TransformedFilters? = nil, into y: Destination
) {
  let backEnd = ConvolutionMethod.backEnd
  if ConvolutionMethod.usesWinograd(geometry), let (plan, filter) = geometry.winograd {
    return winogradConvolve(
      plan, x: x, w: w, filter: WinogradFilter(filter), kept: transformed, on: backEnd,
      into: .pixels(y, bias: bias, activation))
  }
  if ConvolutionMethod.usesNarrowOutput(geometry) {
    return narrowConvolve(geometry, x: x, w: w, bias: bias, activation: activation, on: backEnd, into: y)
  }
  multiplyPatches(
    Im2col(patchesOf: geometry), batch: geometry.batch, source: x, filter: w, filters: geometry.filters,
    on: backEnd, into: y
  ) { pixels, products in
    addBias(bias, pixels: pixels.count, filters: geometry.filters, to: products)
    activate(activation, pixels.count * geometry.filters, products)
  }
}

/// A convolution whose output goes through a gate while it is in the cache: the first half of the filters through an
/// activation, times the sigmoid of the second half.
///
/// - Parameters:
///   - bias: [filters] or nil.
///   - transformed: What is known of `w` from earlier calls; nil to keep nothing.
///   - preactivation: The convolution's own output, [batch, outputHeight, outputWidth, filters]; nil if nobody needs it.
///   - out: [batch, outputHeight, outputWidth, filters / 2].
package func convolveGated(
  _ geometry: ConvolutionGeometry, _ activation: Activation, x: Source, w: Source, bias: Source?,
  transformed: TransformedFilters? = nil, preactivation: Destination?, into out: Destination
) {
  let (filters, channels) = (geometry.filters, geometry.filters / 2)
  if ConvolutionMethod.usesWinograd(geometry), let (plan, filter) = geometry.winograd {
    if channels % Lanes.scalarCount == 0 {
      return winogradConvolve(
        plan, x: x, w: w, filter: WinogradFilter(filter, pairsHalves: true), kept: transformed,
        on: ConvolutionMethod.backEnd, into: .gate(activation, out, preactivation: preactivation, bias: bias))
    }
    let pixels = geometry.batch * geometry.outputHeight * geometry.outputWidth
    return withScratch(preactivation == nil ? pixels * filters : 0) { scratch in
      let products = preactivation ?? scratch
      convolve(geometry, x: x, w: w, bias: bias, transformed: transformed, into: products)
      gate(activation, pixels: pixels, channels: channels, products, into: out)
    }
  }
  multiplyPatches(
    Im2col(patchesOf: geometry), batch: geometry.batch, source: x, filter: w, filters: filters,
    on: ConvolutionMethod.backEnd, into: preactivation
  ) { pixels, products in
    addBias(bias, pixels: pixels.count, filters: filters, to: products)
    gate(activation, 0..<pixels.count, channels, products, out + pixels.lowerBound * channels)
  }
}

@inline(__always)
func addBias(_ bias: Source?, pixels: Int, filters: Int, to products: Destination) {
  guard let bias else { return }
  for row in 0..<pixels {
    let products = products + row * filters
    for filter in 0..<filters { products[filter] += bias[filter] }
  }
}
