import TestSupport
import Testing

@testable import Kernels

@Suite struct WinogradFilterGradientTests {
  @Test(arguments: ConvolutionGeometry.forWinograd)
  func `the filter's gradient agrees with seven loops`(geometry: ConvolutionGeometry) throws {
    try expectAgreement(geometry)
  }

  /// Several groups of tiles, several blocks of each; and sums too large for a thread's cache.
  @Test(arguments: [
    ConvolutionGeometry(kernel: 3, batch: 2, size: 150, channels: 8, filters: 8, padding: Padding(1)),
    ConvolutionGeometry(kernel: 3, batch: 2, size: 34, channels: 72, filters: 136, padding: Padding(1)),
  ])
  func `many tiles are summed like few`(geometry: ConvolutionGeometry) throws { try expectAgreement(geometry) }

  private func expectAgreement(_ geometry: ConvolutionGeometry) throws {
    let (plan, filter) = try #require(geometry.winograd)
    let (x, cotangent) = (geometry.x, geometry.cotangent)
    var sums = NaiveSums(count: geometry.filterLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(x[input]) * Double(cotangent[output]), at: filter)
    }
    for backEnd in GEMM.BackEnd.allCases {
      let found = output(geometry.filterLength) {
        winogradFilterGradient(plan, filter, x: x, cotangent: cotangent, on: backEnd, into: $0)
      }
      #expect(sums.largestError(of: withoutTraces(found)) < winogradTolerance, "\(backEnd)")
    }
  }
}
