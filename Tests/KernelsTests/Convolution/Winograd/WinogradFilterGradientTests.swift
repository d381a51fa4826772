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
    ConvolutionGeometry(kernel: 4, batch: 2, size: 150, channels: 8, filters: 8, padding: Padding(1)),
    ConvolutionGeometry(kernel: 4, batch: 2, size: 13, channels: 96, filters: 120, padding: Padding(1)),
    ConvolutionGeometry(kernel: 4, batch: 2, size: 13, channels: 72, filters: 176, padding: Padding(1)),
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

@Suite struct WinogradFilterAdjointTests {
  /// In parts, as threads divide it.
  @Test func `it is the adjoint of the transform`() throws {
    for geometry in ConvolutionGeometry.forWinograd {
      let stored = try #require(geometry.winograd).filter
      let (w, filter) = (geometry.w, WinogradFilter(stored))
      let (channels, filters) = (filter.channels, filter.filters)
      let transformed = output(filter.length) { filter.transform(w, into: $0) }
      let cotangent = wave(36 * channels * filters, frequency: 0.37)
      let gradient = output(w.count) { dw in
        fill(w.count, 0, into: dw)
        cotangent.withUnsafeBufferPointer { cotangent in
          for part in [0..<channels / 2, channels / 2..<channels] {
            stored.transformBack(
              cotangent.baseAddress! + part.lowerBound * filters, rowStride: filters, matrixStride: channels * filters,
              channels: part, filters: 0..<filters, addingTo: dw)
          }
        }
      }
      var left = 0.0
      for place in cotangent.indices {
        let (element, rest) = place.quotientAndRemainder(dividingBy: channels * filters)
        let (channel, column) = rest.quotientAndRemainder(dividingBy: filters)
        let panel = element * filter.matrixStride + column / 16 * filter.panelLength
        left += Double(transformed[panel + channel * 16 + column % 16]) * Double(cotangent[place])
      }
      let right = zip(w, gradient).map { Double($0) * Double($1) }.reduce(0, +)
      #expect(abs(left - right) < tolerance(5e-3, 1e-11))
    }
  }
}
