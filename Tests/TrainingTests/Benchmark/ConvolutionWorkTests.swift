import Tensors
import Testing

@testable import Training

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
