extension ConvolutionGeometry {
  /// With stride 1 the input gradient is a convolution of the cotangent with the filter turned by half a turn.
  var ofInputGradient: ConvolutionGeometry {
    let reachY = dilation * (kernelHeight - 1)
    let reachX = dilation * (kernelWidth - 1)
    let mirrored = Padding(
      top: reachY - padding.top, bottom: reachY - padding.bottom, left: reachX - padding.left,
      right: reachX - padding.right)
    return ConvolutionGeometry(
      batch: batch, height: outputHeight, width: outputWidth, channels: filters, filters: channels,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: 1, dilation: dilation, padding: mirrored)
  }
}

/// The input gradient of a 3x3 convolution with stride 1, as a convolution by F(4x4, 3x3).
func winogradInputGradient(
  _ geometry: ConvolutionGeometry, cotangent: Source, w: Source, into dx: Destination
) {
  let count = geometry.channels * geometry.filters
  withScratch((9 + 36) * count) { turned in
    // The taps of a class of stride 1, last first.
    transposeTaps(geometry, rows: [2, 1, 0], columns: [2, 1, 0], w: w, into: turned)
    let transformed = turned + 9 * count
    winogradTransformFilter(channels: geometry.filters, filters: geometry.channels, turned, into: transformed)
    winogradConvolve(geometry.ofInputGradient, x: cotangent, filter: transformed, bias: nil, into: dx)
  }
}
