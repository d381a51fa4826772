import TestSupport
import Testing

@testable import Kernels

@Suite struct WinogradInputGradientTests {
  @Test(arguments: ConvolutionGeometry.threeByThree)
  func `the input's gradient agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (w, cotangent) = (geometry.w, geometry.cotangent)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(w[filter]) * Double(cotangent[output]), at: input)
    }
    let found = output(geometry.inputLength) {
      winogradInputGradient(geometry, cotangent: cotangent, w: w, into: $0)
    }
    // Where nothing is summed the transforms leave rounding errors of their own.
    #expect(sums.largestError(of: found.map { abs($0) < 1e-5 ? 0 : $0 }) < winogradTolerance)
  }
}
