import Testing

@testable import Kernels

@Suite struct ConvolutionPassTests {
  private func geometry(
    batch: Int = 1, kernel: Int = 3, stride: Int = 1, channels: Int = 64, filters: Int = 64, padding: Int = 1
  )
    -> ConvolutionGeometry
  {
    ConvolutionGeometry(
      batch: batch, height: 32, width: 32, channels: channels, filters: filters, kernelHeight: kernel,
      kernelWidth: kernel,
      stride: stride, dilation: 1, padding: Padding(padding))
  }

  @Test func `the algorithm is the one that the method and the shape allow`() {
    ConvolutionMethod.$ofTask.withValue(.fast) {
      #expect(ConvolutionMethod.algorithm(of: geometry()) == .winograd)
      #expect(ConvolutionMethod.algorithm(of: geometry(stride: 2)) == .im2col)
      #expect(ConvolutionMethod.algorithm(of: geometry(batch: 16, kernel: 5, stride: 2, padding: 2)) == .winograd)
      #expect(ConvolutionMethod.algorithm(of: geometry(channels: 3)) == .im2col)
    }
    ConvolutionMethod.$ofTask.withValue(.exact) {
      #expect(ConvolutionMethod.algorithm(of: geometry()) == .im2col)
    }
  }
}
