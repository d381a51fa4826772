import Synchronization

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

/// Zeros around a picture: rows above and below, columns before and behind.
package struct Padding: Hashable, Sendable {
  package var top: Int
  package var bottom: Int
  package var left: Int
  package var right: Int

  package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  package init(_ everySide: Int) {
    self.init(top: everySide, bottom: everySide, left: everySide, right: everySide)
  }

  package static let none = Padding(0)
}

/// Every size of a 2-d convolution: input [batch, height, width, channels], filter [kernelHeight, kernelWidth,
/// channels, filters], output [batch, outputHeight, outputWidth, filters].
package struct ConvolutionGeometry: Hashable, Sendable {
  package var batch: Int
  package var height: Int
  package var width: Int
  package var channels: Int
  package var filters: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var stride: Int
  package var dilation: Int
  package var padding: Padding
  /// Every pixel of the input counts as a square of so many pixels to a side.
  package var upsampling: Int

  package init(
    batch: Int, height: Int, width: Int, channels: Int, filters: Int, kernelHeight: Int, kernelWidth: Int,
    stride: Int, dilation: Int, padding: Padding, upsampling: Int = 1
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.filters = filters
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.upsampling = upsampling
  }

  package var outputHeight: Int {
    (height * upsampling + padding.top + padding.bottom - dilation * (kernelHeight - 1) - 1) / stride + 1
  }
  package var outputWidth: Int {
    (width * upsampling + padding.left + padding.right - dilation * (kernelWidth - 1) - 1) / stride + 1
  }

  /// The length of one patch: what an output pixel is the weighted sum of.
  var patchLength: Int { kernelHeight * kernelWidth * channels }
}

/// The algorithms that convolutions may use.
package enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The fastest for the shape: Winograd's for 3x3 with stride 1, also after nearest-neighbor enlargement, and
  /// for 5x5 with stride 2; im2col for the rest, with an order of its own for few channels; and for the products
  /// `GEMM.backEnd`. Winograd's sums are rounded differently: the largest error is a few 1e-5 of the largest output.
  case fast
  /// im2col and OpenBLAS's matrix products for every shape and every gradient, and nothing else.
  case exact

  private static let isExact = Atomic<Bool>(false)

  /// The method of a task, whatever the rest of the process uses.
  @TaskLocal package static var ofTask: ConvolutionMethod?

  /// The method in use: that of the task if it has one, or else that of the process, which can be set.
  package static var current: ConvolutionMethod {
    get { ofTask ?? (isExact.load(ordering: .relaxed) ? .exact : .fast) }
    set { isExact.store(newValue == .exact, ordering: .relaxed) }
  }

  /// True if a convolution with `upsampling` is computed on the small picture. If not, it is faster to enlarge the picture
  /// before it.
  package static func computesEnlarged(_ geometry: ConvolutionGeometry) -> Bool {
    current == .exact || geometry.winogradPays
  }

  /// The back end of the products of convolutions.
  package static var backEnd: GEMM.BackEnd { current == .exact ? .openBLAS : GEMM.backEnd }

  static func usesWinograd(_ geometry: ConvolutionGeometry) -> Bool { current == .fast && geometry.winogradPays }

  static func usesNarrowOutput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.hasNarrowOutput
  }

  static func usesNarrowInput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.upsampling == 1 && geometry.channels <= Microkernel.columns / 2
  }
}

/// One of the three products that a convolution and its differentiation take.
package enum ConvolutionPass: String, CaseIterable, Sendable {
  case forward
  case inputGradient = "input gradient"
  case filterGradient = "filter gradient"
}

/// An algorithm of convolutions and their gradients.
package enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// Matrix products with the input's patches.
  case im2col
  /// Winograd's minimal filtering.
  case winograd = "Winograd"
}

extension ConvolutionMethod {
  /// The algorithm that a convolution and its differentiation take at present.
  package static func algorithm(of geometry: ConvolutionGeometry) -> ConvolutionAlgorithm {
    usesWinograd(geometry) ? .winograd : .im2col
  }
}
