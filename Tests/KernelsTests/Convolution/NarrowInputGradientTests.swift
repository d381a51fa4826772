import TestSupport
import Testing

@testable import Kernels

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
