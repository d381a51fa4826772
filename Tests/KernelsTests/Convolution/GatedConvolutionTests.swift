import TestSupport
import Testing

@testable import Kernels

@Suite struct GatedConvolutionTests {
  /// Tiles with paired halves, tiles whose halves do not fill vectors, and windows.
  static let geometries: [ConvolutionGeometry] = [
    ConvolutionGeometry(kernel: 3, batch: 2, size: 37, channels: 16, filters: 48, padding: Padding(1)),
    ConvolutionGeometry(kernel: 3, batch: 2, size: 37, channels: 16, filters: 24, padding: Padding(1)),
    ConvolutionGeometry(kernel: 4, batch: 2, size: 37, channels: 16, filters: 48, padding: Padding(1)),
    ConvolutionGeometry(kernel: 3, stride: 2, batch: 2, size: 13, channels: 5, filters: 12, padding: Padding(1)),
    ConvolutionGeometry(
      batch: 2, height: 20, width: 18, channels: 16, filters: 32, kernelHeight: 3, kernelWidth: 3, stride: 1,
      dilation: 1, padding: Padding(1), upsampling: 2),
  ]

  @Test(arguments: geometries, [Activation.elu, .relu])
  func `it is a convolution and then a gate`(geometry: ConvolutionGeometry, activation: Activation) {
    for products in Products.all { products.use { check(geometry, activation) } }
  }

  private func check(_ geometry: ConvolutionGeometry, _ activation: Activation) {
    let (x, w, bias) = (geometry.x, geometry.w, wave(geometry.filters, frequency: 1.7))
    let convolved = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: bias, into: $0) }
    let expected = output(geometry.outputLength / 2) {
      gate(activation, pixels: geometry.pixels, channels: geometry.filters / 2, convolved, into: $0)
    }
    var preactivation: [Scalar] = []
    let found = output(geometry.outputLength / 2) { out in
      preactivation = output(geometry.outputLength) {
        convolveGated(geometry, activation, x: x, w: w, bias: bias, preactivation: $0, into: out)
      }
    }
    #expect(preactivation == convolved)
    #expect(found == expected)
    let alone = output(geometry.outputLength / 2) {
      convolveGated(geometry, activation, x: x, w: w, bias: bias, preactivation: nil, into: $0)
    }
    #expect(alone == expected)
  }
}
