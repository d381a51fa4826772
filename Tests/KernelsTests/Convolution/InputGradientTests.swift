import TestSupport
import Testing

@testable import Kernels

@Suite struct InputGradientTests {
  @Test(arguments: ConvolutionGeometry.all)
  func `the input's gradient agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (cotangent, w) = (geometry.cotangent, geometry.w)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(cotangent[output]) * Double(w[filter]), at: input)
    }
    for products in Products.all {
      let found = products.use {
        output(geometry.inputLength) { convolveInputGradient(geometry, cotangent: cotangent, w: w, into: $0) }
      }
      #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14), "\(products.testDescription)")
    }
  }

  @Test func `pixels that no window reads get exactly zero`() {
    let geometry = ConvolutionGeometry(kernel: 1, stride: 2, size: 4, channels: 2, filters: 2, padding: .none)
    let found = output(geometry.inputLength) {
      convolveInputGradient(geometry, cotangent: geometry.cotangent, w: geometry.w, into: $0)
    }
    for (place, value) in found.enumerated() {
      let (row, column) = (place / 2 / geometry.width, place / 2 % geometry.width)
      #expect((value == 0) == (row % 2 == 1 || column % 2 == 1))
    }
  }
}

@Suite struct NarrowInputGradientTests {
  @Test(arguments: ConvolutionGeometry.all.filter { $0.channels <= 6 }, GEMM.BackEnd.allCases)
  func `the input's gradient agrees with seven loops`(geometry: ConvolutionGeometry, backEnd: GEMM.BackEnd) {
    let (w, cotangent) = (geometry.w, geometry.cotangent)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(w[filter]) * Double(cotangent[output]), at: input)
    }
    let found = output(geometry.inputLength) {
      narrowInputGradient(geometry, cotangent: cotangent, w: w, on: backEnd, into: $0)
    }
    #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14))
  }
}
