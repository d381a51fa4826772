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

@Suite struct ConvolutionWorkTests {
  /// 4 pictures of 64x64 with 96 channels to 192, 3x3: 4·64·64 = 16,384 output pixels of 192 values, each of 864
  /// products.
  private let layer = ConvolutionGeometry(
    batch: 4, height: 64, width: 64, channels: 96, filters: 192, kernelHeight: 3, kernelWidth: 3, stride: 1,
    dilation: 2, padding: Padding(2))

  /// 8 pictures of 256x256 with 4 channels to 64, 5x5 in steps of 2: 128x128 outputs.
  private let strided = ConvolutionGeometry(
    batch: 8, height: 256, width: 256, channels: 4, filters: 64, kernelHeight: 5, kernelWidth: 5, stride: 2,
    dilation: 1, padding: Padding(2))

  @Test func `operations are two for each product`() {
    #expect(layer.directOperations == 5_435_817_984)
    #expect(strided.directOperations == 1_677_721_600)
  }

  @Test func `input, filter and output move once each`() {
    let stride = Double(MemoryLayout<Scalar>.stride)
    #expect(layer.leastBytes == (1_572_864 + 165_888 + 3_145_728) * stride)
    #expect(strided.leastBytes == (2_097_152 + 6_400 + 8_388_608) * stride)
    #expect(layer.intensity == 5_435_817_984 / layer.leastBytes)
  }

  @Test func `people read only what is not usual`() {
    #expect(layer.summary == "4x 64x64 96→192 3x3 dilation 2")
    #expect(strided.summary == "8x 256x256 4→64 5x5 stride 2")
  }
}
