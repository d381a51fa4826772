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
