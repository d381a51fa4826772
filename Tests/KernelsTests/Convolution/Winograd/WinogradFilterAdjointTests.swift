import TestSupport
import Testing

@testable import Kernels

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
