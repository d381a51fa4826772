import TestSupport
import Testing

@testable import Kernels

@Suite struct ConvolutionTests {
  @Test(arguments: ConvolutionGeometry.all)
  func `the convolution agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (x, w, bias) = (geometry.x, geometry.w, wave(geometry.filters, phase: 3))
    var sums = NaiveSums(count: geometry.outputLength)
    for place in 0..<geometry.outputLength { sums.add(Double(bias[place % geometry.filters]), at: place) }
    geometry.forEachProduct { output, input, filter in sums.add(Double(x[input]) * Double(w[filter]), at: output) }
    for products in Products.all {
      let found = products.use {
        output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: bias, into: $0) }
      }
      #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14), "\(products.testDescription)")
    }
  }

  @Test func `without a bias nothing is added`() {
    let geometry = ConvolutionGeometry(kernel: 2, size: 4, channels: 2, filters: 3, padding: Padding(1))
    let (x, w) = (geometry.x, geometry.w)
    let zeros = [Scalar](repeating: 0, count: 3)
    let without = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: nil, into: $0) }
    #expect(without == output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: zeros, into: $0) })
  }

  /// By windows, and by tiles that are cut off.
  @Test(
    arguments: [
      ConvolutionGeometry(kernel: 3, stride: 2, batch: 2, size: 13, channels: 5, filters: 13, padding: Padding(1)),
      ConvolutionGeometry(kernel: 3, batch: 2, size: 37, channels: 16, filters: 24, padding: Padding(1)),
    ], [Activation.relu, .leakyReLU(slope: 0.2), .elu])
  func `the activation sees the sums and the bias`(geometry: ConvolutionGeometry, activation: Activation) {
    let (x, w, bias) = (geometry.x, geometry.w, wave(geometry.filters, frequency: 1.7))
    let sums = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: bias, into: $0) }
    let expected = output(geometry.outputLength) { y in
      switch activation {
      case .identity, .tanh, .sigmoid: break
      case .relu: relu(sums.count, sums, into: y)
      case .leakyReLU(let slope): leakyReLU(sums.count, sums, slope: slope, into: y)
      case .elu: elu(sums.count, sums, into: y)
      }
    }
    let found = output(geometry.outputLength) {
      convolve(geometry, x: x, w: w, bias: bias, activation: activation, into: $0)
    }
    #expect(found == expected && found != sums)
  }

  /// The filter is not flipped: [1, 2] on 1, 10, 100 gives 1 + 20 and 10 + 200.
  @Test func `it is a cross-correlation`() {
    let geometry = ConvolutionGeometry(
      batch: 1, height: 1, width: 3, channels: 1, filters: 1, kernelHeight: 1, kernelWidth: 2, stride: 1, dilation: 1,
      padding: .none)
    #expect(output(2) { convolve(geometry, x: [1, 10, 100], w: [1, 2], bias: nil, into: $0) } == [21, 210])
  }
}

@Suite struct ConvolutionGeometryTests {
  /// An output pixel exists for every position of the window that lies within the padded picture.
  @Test(arguments: ConvolutionGeometry.all)
  func `output sizes count the positions of the window`(geometry: ConvolutionGeometry) {
    func positions(_ size: Int, _ kernel: Int) -> Int {
      Swift.stride(from: 0, to: size - geometry.dilation * (kernel - 1), by: geometry.stride).map { $0 }.count
    }
    let padding = geometry.padding
    #expect(
      geometry.outputHeight == positions(geometry.height + padding.top + padding.bottom, geometry.kernelHeight))
    #expect(geometry.outputWidth == positions(geometry.width + padding.left + padding.right, geometry.kernelWidth))
  }

  @Test func `padding on every side`() {
    #expect(Padding(2) == Padding(top: 2, bottom: 2, left: 2, right: 2))
    #expect(Padding.none == Padding())
  }
}

@Suite struct ConvolutionMethodTests {
  /// The layers of DeepFill v2 at an eighth of their channels, and a patch discriminator's last but one: what the two
  /// methods compute differently.
  static let layers: [ConvolutionGeometry] = [
    ConvolutionGeometry(kernel: 3, size: 64, channels: 24, filters: 48, padding: Padding(1)),
    ConvolutionGeometry(kernel: 3, dilation: 4, size: 64, channels: 24, filters: 48, padding: Padding(4)),
    ConvolutionGeometry(kernel: 3, dilation: 16, size: 64, channels: 24, filters: 48, padding: Padding(16)),
    ConvolutionGeometry(kernel: 5, stride: 2, batch: 2, size: 64, channels: 16, filters: 32, padding: Padding(2)),
    ConvolutionGeometry(kernel: 4, batch: 2, size: 16, channels: 256, filters: 64, padding: Padding(1)),
  ]

  /// Numbers in -1...1 that do not cancel as neighboring ones of a wave do.
  private func noise(_ count: Int) -> [Scalar] {
    (0..<count).map { index in
      let residue = (index * index + 7 * index) % 10_007
      return Scalar(residue) / 5003 - 1
    }
  }

  /// The largest difference, as a part of the largest value.
  private func difference(_ count: Int, _ kernel: (Destination) -> Void) -> Double {
    let fast = ConvolutionMethod.$ofTask.withValue(.fast) { output(count, kernel) }
    let exact = ConvolutionMethod.$ofTask.withValue(.exact) { output(count, kernel) }
    let largest = exact.map { abs($0) }.max() ?? 0
    let error = zip(fast, exact).map { abs($0 - $1) }.max() ?? .infinity
    #expect(error > 0)
    return Double(error / largest)
  }

  @Test(arguments: layers)
  func `both methods agree layer by layer`(layer: ConvolutionGeometry) {
    let (x, w, cotangent) = (noise(layer.inputLength), noise(layer.filterLength), noise(layer.outputLength))
    #expect(layer.winogradIsFaster)
    let bound = tolerance(1e-5, 1e-13)
    #expect(difference(layer.outputLength) { convolve(layer, x: x, w: w, bias: nil, into: $0) } < bound)
    #expect(
      difference(layer.inputLength) { convolveInputGradient(layer, cotangent: cotangent, w: w, into: $0) } < bound)
    #expect(
      difference(layer.filterLength) { convolveFilterGradient(layer, x: x, cotangent: cotangent, into: $0) } < bound)
  }

  @Test func `a task's method is nobody else's`() {
    ConvolutionMethod.$ofTask.withValue(.exact) { #expect(ConvolutionMethod.current == .exact) }
    #expect(ConvolutionMethod.ofTask == nil)
  }
}

@Suite struct ConvolutionPassTests {
  private func geometry(
    batch: Int = 1, kernel: Int = 3, stride: Int = 1, channels: Int = 64, filters: Int = 64, padding: Int = 1
  )
    -> ConvolutionGeometry
  {
    ConvolutionGeometry(
      batch: batch, height: 32, width: 32, channels: channels, filters: filters, kernelHeight: kernel,
      kernelWidth: kernel,
      stride: stride, dilation: 1, padding: Padding(padding))
  }

  @Test func `the algorithm is the one that the method and the shape allow`() {
    ConvolutionMethod.$ofTask.withValue(.fast) {
      #expect(ConvolutionMethod.algorithm(of: geometry()) == .winograd)
      #expect(ConvolutionMethod.algorithm(of: geometry(stride: 2)) == .im2col)
      #expect(ConvolutionMethod.algorithm(of: geometry(batch: 16, kernel: 5, stride: 2, padding: 2)) == .winograd)
      #expect(ConvolutionMethod.algorithm(of: geometry(kernel: 4)) == .winograd)
      #expect(ConvolutionMethod.algorithm(of: geometry(channels: 3)) == .im2col)
    }
    ConvolutionMethod.$ofTask.withValue(.exact) {
      #expect(ConvolutionMethod.algorithm(of: geometry()) == .im2col)
    }
  }
}
