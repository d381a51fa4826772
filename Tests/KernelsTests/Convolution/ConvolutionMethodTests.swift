import TestSupport
import Testing

@testable import Kernels

@Suite struct ConvolutionMethodTests {
  /// The layers of DeepFill v2 at an eighth of their channels: what the two methods compute differently.
  static let layers: [ConvolutionGeometry] = [
    ConvolutionGeometry(kernel: 3, size: 64, channels: 24, filters: 48, padding: Padding(1)),
    ConvolutionGeometry(kernel: 3, dilation: 4, size: 64, channels: 24, filters: 48, padding: Padding(4)),
    ConvolutionGeometry(kernel: 3, dilation: 16, size: 64, channels: 24, filters: 48, padding: Padding(16)),
    ConvolutionGeometry(kernel: 5, stride: 2, batch: 2, size: 64, channels: 16, filters: 32, padding: Padding(2)),
  ]

  /// Numbers in -1...1 that do not cancel as neighboring ones of a wave do.
  private func noise(_ count: Int) -> [Scalar] {
    (0..<count).map { index in
      let residue = (index * index + 7 * index) % 10_007
      return Scalar(residue) / 5003 - 1
    }
  }

  /// The largest difference, as a part of the largest value.
  private func difference(_ count: Int, _ kernel: (Destination) -> Void) -> Double {
    let fast = ConvolutionMethod.$ofTask.withValue(.fast) { output(count, kernel) }
    let exact = ConvolutionMethod.$ofTask.withValue(.exact) { output(count, kernel) }
    let largest = exact.map { abs($0) }.max() ?? 0
    let error = zip(fast, exact).map { abs($0 - $1) }.max() ?? .infinity
    #expect(error > 0)
    return Double(error / largest)
  }

  @Test(arguments: layers)
  func `both methods agree layer by layer`(layer: ConvolutionGeometry) {
    let (x, w, cotangent) = (noise(layer.inputLength), noise(layer.filterLength), noise(layer.outputLength))
    #expect(layer.winogradPays)
    let bound = tolerance(1e-5, 1e-13)
    #expect(difference(layer.outputLength) { convolve(layer, x: x, w: w, bias: nil, into: $0) } < bound)
    #expect(
      difference(layer.inputLength) { convolveInputGradient(layer, cotangent: cotangent, w: w, into: $0) } < bound)
    #expect(
      difference(layer.filterLength) { convolveFilterGradient(layer, x: x, cotangent: cotangent, into: $0) } < bound)
  }

  @Test func `a task's method is nobody else's`() {
    ConvolutionMethod.$ofTask.withValue(.exact) { #expect(ConvolutionMethod.current == .exact) }
    #expect(ConvolutionMethod.ofTask == nil)
  }
}
