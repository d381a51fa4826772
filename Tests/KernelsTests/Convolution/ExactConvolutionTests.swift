import TestSupport
import Testing

@testable import Kernels

@Suite struct ExactConvolutionTests {
  /// Shapes of all kinds that an exact convolution may be asked for: few channels and many, single taps, strides, and
  /// pixels that count as squares; among them what the fast method computes by Winograd's and by its orders for few
  /// channels.
  static let geometries: [ConvolutionGeometry] =
    ConvolutionGeometry.corners + ConvolutionMethodTests.layers + [
      ConvolutionGeometry(kernel: 3, batch: 2, size: 20, channels: 16, filters: 3, padding: Padding(1)),
      ConvolutionGeometry(kernel: 1, batch: 2, size: 20, channels: 1, filters: 1, padding: .none),
      ConvolutionGeometry.enlarged,
    ]

  /// Runs all three passes, and a gate.
  private static func runAll(_ geometry: ConvolutionGeometry) {
    let (x, w, cotangent) = (geometry.x, geometry.w, geometry.cotangent)
    _ = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: nil, activation: .elu, into: $0) }
    _ = output(geometry.inputLength) { convolveInputGradient(geometry, cotangent: cotangent, w: w, into: $0) }
    _ = output(geometry.filterLength) { convolveFilterGradient(geometry, x: x, cotangent: cotangent, into: $0) }
    if geometry.filters % 2 == 0 {
      _ = output(geometry.outputLength / 2) {
        convolveGated(geometry, .elu, x: x, w: w, bias: nil, preactivation: nil, into: $0)
      }
    }
  }

  @Test func `no pass of any shape asks for a product of packed panels`() async {
    await #expect(processExitsWith: .success) {
      GEMM.refusePacked()
      Products.exact.use { for geometry in ExactConvolutionTests.geometries { ExactConvolutionTests.runAll(geometry) } }
      Products(method: .fast, backEnd: .openBLAS).use {
        for geometry in ExactConvolutionTests.geometries { ExactConvolutionTests.runAll(geometry) }
      }
    }
  }

  @Test func `a refused product ends the process`() async {
    await #expect(processExitsWith: .failure) {
      GEMM.refusePacked()
      Products(method: .fast, backEnd: .packed).use { ExactConvolutionTests.runAll(ConvolutionMethodTests.layers[0]) }
    }
  }

  /// The forward pass of the fast method is on the small picture, and may be followed by gradients of the exact one.
  @Test(arguments: Products.all)
  func `a picture whose pixels count as squares is one that is enlarged`(products: Products) {
    for channels in [3, 16] {
      var geometry = ConvolutionGeometry.enlarged
      geometry.channels = channels
      var large = geometry
      (large.height, large.width, large.upsampling) = (2 * geometry.height, 2 * geometry.width, 1)
      let (x, w, cotangent) = (geometry.x, geometry.w, geometry.cotangent)
      var sums = NaiveSums(count: geometry.outputLength)
      var inputSums = NaiveSums(count: geometry.inputLength)
      var filterSums = NaiveSums(count: geometry.filterLength)
      geometry.forEachProduct { output, input, filter in
        sums.add(Double(x[input]) * Double(w[filter]), at: output)
        inputSums.add(Double(cotangent[output]) * Double(w[filter]), at: input)
        filterSums.add(Double(cotangent[output]) * Double(x[input]), at: filter)
      }
      products.use {
        let y = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: nil, into: $0) }
        let dx = output(geometry.inputLength) { convolveInputGradient(geometry, cotangent: cotangent, w: w, into: $0) }
        let dw = output(geometry.filterLength) {
          convolveFilterGradient(geometry, x: x, cotangent: cotangent, into: $0)
        }
        #expect(sums.largestError(of: y) < winogradTolerance)
        #expect(inputSums.largestError(of: withoutTraces(dx)) < winogradTolerance)
        #expect(filterSums.largestError(of: withoutTraces(dw)) < winogradTolerance)
      }
    }
  }
}

extension ConvolutionGeometry {
  static let enlarged = ConvolutionGeometry(
    batch: 2, height: 20, width: 18, channels: 16, filters: 32, kernelHeight: 3, kernelWidth: 3, stride: 1, dilation: 1,
    padding: Padding(1), upsampling: 2)
}
