import TestSupport
import Testing

@testable import Kernels

@Suite struct MaxPoolingTests {
  /// Overlapping, apart, of unequal sides with unequal padding, and the whole picture.
  static let geometries: [ConvolutionGeometry] = [
    (3, 3, 2, Padding(1)), (2, 2, 3, .none), (3, 2, 1, Padding(top: 2, bottom: 0, left: 0, right: 1)), (5, 4, 1, .none),
  ].flatMap { size in [1, 3].map { (size, $0) } }.map { size, channels in
    let (height, width, stride, padding) = size
    return ConvolutionGeometry(
      batch: 2, height: 5, width: 4, channels: channels, filters: 1, kernelHeight: height, kernelWidth: width,
      stride: stride,
      dilation: 1, padding: padding)
  }

  /// Whole numbers, of which many are equal.
  private func numbers(_ geometry: ConvolutionGeometry) -> [Scalar] {
    wave(2 * 5 * 4 * geometry.channels, frequency: 1.9).map { (2 * $0).rounded() }
  }

  /// For each output the positions of the kernel that lie in the picture, in order, and which element is there.
  private func windows(_ geometry: ConvolutionGeometry) -> [[(position: Int, source: Int)]] {
    var result: [[(position: Int, source: Int)]] = []
    for image in 0..<geometry.batch {
      for row in 0..<geometry.outputHeight {
        for column in 0..<geometry.outputWidth {
          for channel in 0..<geometry.channels {
            var window: [(position: Int, source: Int)] = []
            for position in 0..<geometry.kernelHeight * geometry.kernelWidth {
              let y = row * geometry.stride - geometry.padding.top + position / geometry.kernelWidth
              let x = column * geometry.stride - geometry.padding.left + position % geometry.kernelWidth
              guard (0..<geometry.height).contains(y) && (0..<geometry.width).contains(x) else { continue }
              let pixel = (image * geometry.height + y) * geometry.width + x
              window.append((position, pixel * geometry.channels + channel))
            }
            result.append(window)
          }
        }
      }
    }
    return result
  }

  private func found(_ geometry: ConvolutionGeometry, _ x: [Scalar]) -> (values: [Scalar], positions: [Scalar]) {
    let count = windows(geometry).count
    return (
      output(count) { maxPool(geometry, x, into: $0) }, output(count) { maxPoolIndices(geometry, x, into: $0) }
    )
  }

  @Test(arguments: geometries)
  func `the largest of each window, the first of equal ones`(_ geometry: ConvolutionGeometry) {
    let x = numbers(geometry)
    let winners = windows(geometry).map { window in
      window.dropFirst().reduce(window[0]) { x[$1.source] > x[$0.source] ? $1 : $0 }
    }
    let (values, positions) = found(geometry, x)
    #expect(values == winners.map { x[$0.source] })
    #expect(positions == winners.map { Scalar($0.position) })
  }

  @Test(arguments: geometries)
  func `values are read at their positions, and return there`(_ geometry: ConvolutionGeometry) {
    let (windows, x) = (windows(geometry), numbers(geometry))
    let picks = windows.enumerated().map { $1[(7 * $0) % $1.count] }
    let positions = picks.map { Scalar($0.position) }
    let read = output(picks.count) { gatherFromWindows(geometry, positions: positions, x, into: $0) }
    #expect(read == picks.map { x[$0.source] })

    let cotangent = wave(picks.count)
    var expected = [Scalar](repeating: 0, count: x.count)
    for (pick, value) in zip(picks, cotangent) { expected[pick.source] += value }
    let returned = output(x.count) { scatterToWindows(geometry, positions: positions, cotangent, into: $0) }
    #expect(largestDifference(returned, expected) < tolerance(2e-6, 1e-14))
  }

  @Test(arguments: [1, 2])
  func `NaN and negative infinity are found`(_ channels: Int) {
    let geometry = ConvolutionGeometry(
      batch: 1, height: 1, width: 4, channels: channels, filters: 1, kernelHeight: 1, kernelWidth: 2, stride: 2,
      dilation: 1, padding: .none)
    let x: [Scalar] = [3, .nan, -.infinity, -.infinity].flatMap { [Scalar](repeating: $0, count: channels) }
    let (values, positions) = found(geometry, x)
    #expect(values[..<channels].allSatisfy { $0.isNaN } && values[channels...].allSatisfy { $0 == -.infinity })
    #expect(positions == [Scalar](repeating: 1, count: channels) + [Scalar](repeating: 0, count: channels))
  }
}
