import TestSupport
import Testing

@testable import Kernels

@Suite struct AveragePoolingTests {
  /// For each output the elements that its window covers.
  private func windows(_ geometry: ConvolutionGeometry) -> [[Int]] {
    var result: [[Int]] = []
    for image in 0..<geometry.batch {
      for output in 0..<geometry.outputHeight * geometry.outputWidth {
        let (row, column) = output.quotientAndRemainder(dividingBy: geometry.outputWidth)
        for channel in 0..<geometry.channels {
          var window: [Int] = []
          for y in row * geometry.stride - geometry.padding.top..<row * geometry.stride - geometry.padding.top
            + geometry.kernelHeight
          {
            for x in column * geometry.stride - geometry.padding.left..<column * geometry.stride - geometry.padding.left
              + geometry.kernelWidth
            where (0..<geometry.height).contains(y) && (0..<geometry.width).contains(x) {
              window.append(((image * geometry.height + y) * geometry.width + x) * geometry.channels + channel)
            }
          }
          result.append(window)
        }
      }
    }
    return result
  }

  @Test(arguments: MaxPoolingTests.geometries)
  func `the mean of what a window has of the picture`(_ geometry: ConvolutionGeometry) {
    let x = wave(2 * 5 * 4 * geometry.channels)
    let windows = windows(geometry)
    let means = windows.map { window in window.reduce(0) { $0 + x[$1] } / Scalar(window.count) }
    let found = output(windows.count) { averagePool(geometry, x, into: $0) }
    #expect(largestDifference(found, means) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: MaxPoolingTests.geometries)
  func `the adjoint spreads each value over its window`(_ geometry: ConvolutionGeometry) {
    let windows = windows(geometry)
    let cotangent = wave(windows.count, frequency: 0.9)
    var expected = [Scalar](repeating: 0, count: 2 * 5 * 4 * geometry.channels)
    for (window, value) in zip(windows, cotangent) {
      for element in window { expected[element] += value / Scalar(window.count) }
    }
    let found = output(expected.count) { scatterAverages(geometry, cotangent, into: $0) }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }
}
