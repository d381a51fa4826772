import TestSupport
import Testing

@testable import Kernels

/// The numbers themselves are tested in ConvolutionTests and FilterGradientTests.
@Suite struct NarrowOutputTests {
  @Test func `convolutions to pictures are narrow, those to features and with a stride are not`() {
    func geometry(_ kernel: Int, stride: Int = 1, filters: Int) -> ConvolutionGeometry {
      ConvolutionGeometry(kernel: kernel, stride: stride, size: 9, channels: 16, filters: filters, padding: Padding(1))
    }
    #expect(geometry(3, filters: 3).hasNarrowOutput && geometry(5, filters: 3).hasNarrowOutput)
    #expect(!geometry(3, filters: 6).hasNarrowOutput && !geometry(3, stride: 2, filters: 3).hasNarrowOutput)
    #expect(ConvolutionGeometry.all.contains { $0.hasNarrowOutput && $0.dilation > 1 && $0.padding != .none })
  }
}
