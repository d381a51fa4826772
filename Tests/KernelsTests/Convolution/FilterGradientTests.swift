import TestSupport
import Testing

@testable import Kernels

@Suite struct FilterGradientTests {
  @Test(arguments: ConvolutionGeometry.all)
  func `the filter's gradient agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (x, cotangent) = (geometry.x, geometry.cotangent)
    var sums = NaiveSums(count: geometry.filterLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(x[input]) * Double(cotangent[output]), at: filter)
    }
    for products in Products.all {
      let found = products.use {
        output(geometry.filterLength) { convolveFilterGradient(geometry, x: x, cotangent: cotangent, into: $0) }
      }
      #expect(sums.largestError(of: found) < tolerance(3e-6, 1e-14), "\(products.testDescription)")
    }
  }

  /// A picture of many tiles, so that every group sums several of them.
  @Test func `many groups of tiles add up`() {
    let geometry = ConvolutionGeometry(kernel: 2, size: 200, channels: 1, filters: 2, padding: .none)
    let ones = [Scalar](repeating: 1, count: geometry.inputLength)
    let cotangent = [Scalar](repeating: 1, count: geometry.outputLength)
    let found = output(geometry.filterLength) {
      convolveFilterGradient(geometry, x: ones, cotangent: cotangent, into: $0)
    }
    #expect(found == [Scalar](repeating: Scalar(geometry.pixels), count: geometry.filterLength))
  }
}
