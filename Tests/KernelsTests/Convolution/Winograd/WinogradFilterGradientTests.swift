import TestSupport
import Testing

@testable import Kernels

@Suite struct WinogradFilterGradientTests {
  @Test(arguments: ConvolutionGeometry.threeByThree)
  func `the filter's gradient agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (x, cotangent) = (geometry.x, geometry.cotangent)
    var sums = NaiveSums(count: geometry.filterLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(x[input]) * Double(cotangent[output]), at: filter)
    }
    let found = output(geometry.filterLength) {
      winogradFilterGradient(geometry, x: x, cotangent: cotangent, into: $0)
    }
    #expect(sums.largestError(of: found.map { abs($0) < 1e-5 ? 0 : $0 }) < winogradTolerance)
  }
}
