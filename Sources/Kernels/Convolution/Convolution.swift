import Synchronization

/// y = activation(x * w (+ bias)), where * is cross-correlation.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - w: [kernelHeight, kernelWidth, channels, filters].
///   - bias: [filters] or nil.
///   - transformed: A cache of transforms of `w`, which is read and filled; nil for none.
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

/// A gated convolution: out = activation(first half of the output channels) * sigmoid(second half), applied to each
/// tile while it is in the cache.
///
/// - Parameters:
///   - bias: [filters] or nil.
///   - transformed: A cache of transforms of `w`, which is read and filled; nil for none.
///   - preactivation: The output of the convolution before the gate, [batch, outputHeight, outputWidth, filters]; nil
///     if it is not needed.
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

/// Zero padding of each side of a feature map, in pixels.
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

/// The sizes of a 2-d convolution: input [batch, height, width, channels], filter
/// [kernelHeight, kernelWidth, channels, filters], output [batch, outputHeight, outputWidth, filters].
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
  /// The factor of nearest-neighbor upsampling of the input before the convolution; 1 for none.
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

  /// The number of input values that an output pixel is a weighted sum of.
  var patchLength: Int { kernelHeight * kernelWidth * channels }
}

/// The policies for choosing the algorithm of a convolution.
package enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The fastest algorithm for the shape: Winograd for 3x3 and 4x4 with stride 1, for 3x3 after nearest-neighbor
  /// upsampling, and for kernels of 4 to 6 with stride 2; im2col for the rest, with a variant for few channels. Products
  /// run on `GEMM.backEnd`. Winograd rounds differently: its largest error is a few 1e-5 of the largest output.
  case fast
  /// im2col and OpenBLAS's `sgemm` for every shape and every gradient, and nothing else.
  case exact

  private static let isExact = Atomic<Bool>(false)

  /// The method of the current task, which overrides that of the process.
  @TaskLocal package static var ofTask: ConvolutionMethod?

  /// The method in use: that of the task if it has one, else that of the process. Setting it sets that of the process.
  package static var current: ConvolutionMethod {
    get { ofTask ?? (isExact.load(ordering: .relaxed) ? .exact : .fast) }
    set { isExact.store(newValue == .exact, ordering: .relaxed) }
  }

  /// True if a convolution with `upsampling` is computed from the small input. If false, upsampling the input first is
  /// faster.
  package static func fusesUpsampling(_ geometry: ConvolutionGeometry) -> Bool {
    current == .exact || geometry.winogradIsFaster
  }

  /// The GEMM back end of convolutions.
  package static var backEnd: GEMM.BackEnd { current == .exact ? .openBLAS : GEMM.backEnd }

  static func usesWinograd(_ geometry: ConvolutionGeometry) -> Bool { current == .fast && geometry.winogradIsFaster }

  static func usesNarrowOutput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.hasNarrowOutput
  }

  static func usesNarrowInput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.upsampling == 1 && geometry.channels <= Microkernel.columns / 2
  }
}

/// One of the three computations of a convolution: forward, input gradient and filter gradient.
package enum ConvolutionPass: String, CaseIterable, Sendable {
  case forward
  case inputGradient = "input gradient"
  case filterGradient = "filter gradient"
}

/// An algorithm that computes a convolution and its gradients.
package enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// A matrix product with the input's patches.
  case im2col
  /// Winograd's minimal filtering (Lavin and Gray, 2016).
  case winograd = "Winograd"
}

extension ConvolutionMethod {
  /// The algorithm of a convolution and its gradients under the current method.
  package static func algorithm(of geometry: ConvolutionGeometry) -> ConvolutionAlgorithm {
    usesWinograd(geometry) ? .winograd : .im2col
  }
}
