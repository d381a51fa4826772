import Kernels
import Testing

@testable import Tensors
@testable import Training

@Suite struct ConvolutionProfileTests {
  private func geometry(_ side: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: 1, height: side, width: side, channels: 2, filters: 3, kernelHeight: 1, kernelWidth: 1, stride: 1,
      dilation: 1, padding: .none)
  }

  /// Three steps, of which the first is slow; each runs the small convolution twice and the large one once.
  private var profile: ConvolutionProfile {
    ConvolutionProfile(
      [
        .init(pass: .filterGradient, geometry: geometry(4), seconds: [9, 1, 1]),
        .init(pass: .forward, geometry: geometry(4), seconds: [9, 9, 2, 3, 4, 2]),
        .init(pass: .forward, geometry: geometry(8), seconds: [90, 10, 12]),
      ], steps: 3, warmUp: 1)
  }

  @Test func `the most costly layer comes first`() {
    #expect(profile.layers.map(\.geometry.height) == [8, 4])
    #expect(profile.layers.map(\.secondsPerStep) == [11, 2 * 2.5 + 1])
    #expect(profile.secondsPerStep == 17)
  }

  @Test func `passes come in their order, without the runs of the warm-up`() {
    let rows = profile.layers[1].rows
    #expect(rows.map(\.pass) == [.forward, .filterGradient])
    #expect(rows.map(\.runsPerStep) == [2, 1])
    #expect(rows[0].seconds.values == [2, 3, 4, 2])
    #expect(rows[1].seconds.values == [1, 1])
  }

  /// 2 · 16 · 2 · 3 = 192 for the small convolution, run three times; 2 · 64 · 2 · 3 = 768 for the large one.
  @Test func `a step's operations are those of every run`() {
    #expect(profile.operationsPerStep == 3 * 192 + 768)
  }
}
