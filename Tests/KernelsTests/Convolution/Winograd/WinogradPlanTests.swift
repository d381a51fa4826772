import TestSupport
import Testing

@testable import Kernels

@Suite struct WinogradPlanTests {
  @Test func `layers of the usual sizes are worth it, and those that fill their tiles badly are not`() {
    let layer = ConvolutionGeometry(kernel: 3, size: 64, channels: 96, filters: 192, padding: Padding(1))
    #expect(layer.winogradIsFaster)
    var dilated = layer
    (dilated.dilation, dilated.padding) = (16, Padding(16))
    #expect(dilated.winogradIsFaster)
    (dilated.dilation, dilated.padding) = (64, Padding(64))
    #expect(!dilated.winogradIsFaster)
    var enlarged = layer
    enlarged.upsampling = 2
    #expect(enlarged.winogradIsFaster)
    let discriminator = ConvolutionGeometry(
      kernel: 5, stride: 2, batch: 8, size: 64, channels: 128, filters: 256, padding: Padding(2))
    #expect(discriminator.winogradIsFaster)
    let lastOfPatches = ConvolutionGeometry(kernel: 4, size: 16, channels: 256, filters: 512, padding: Padding(1))
    #expect(lastOfPatches.winogradIsFaster)
    // 36 products for a single pixel.
    var single = lastOfPatches
    (single.batch, single.height, single.width, single.padding) = (64, 4, 4, .none)
    #expect(!single.winogradIsFaster)
    // The transformed filter alone would cost more than all products.
    var small = discriminator
    (small.batch, small.height, small.width) = (1, 4, 4)
    #expect(!small.winogradIsFaster)
  }

  @Test func `what has no such form has no plan`() {
    let layer = ConvolutionGeometry(kernel: 3, size: 16, channels: 16, filters: 16, padding: Padding(1))
    #expect(layer.winograd != nil)
    for change: (inout ConvolutionGeometry) -> Void in [
      { $0.stride = 3 }, { $0.stride = 2 }, { $0.channels = 12 }, { $0.filters = 20 }, { $0.kernelWidth = 1 },
      { $0.kernelWidth = 4 }, { ($0.kernelHeight, $0.kernelWidth) = (5, 5) },
      { ($0.upsampling, $0.kernelHeight, $0.kernelWidth) = (2, 4, 4) },
      { ($0.upsampling, $0.padding) = (2, Padding(2)) }, { $0.upsampling = 3 },
      { ($0.stride, $0.dilation, $0.kernelHeight, $0.kernelWidth) = (2, 2, 5, 5) },
      { ($0.stride, $0.kernelHeight, $0.kernelWidth) = (2, 7, 7) },
      { ($0.stride, $0.kernelHeight, $0.kernelWidth) = (2, 6, 6) },
    ] {
      var other = layer
      change(&other)
      #expect(other.winograd == nil, "\(other)")
    }
  }

  @Test func `the tiles reach every output pixel once`() {
    for dilation in [1, 2, 3, 16] {
      for (kernel, upsampling) in [(3, 1), (4, 1), (3, 2)] where dilation == 1 || upsampling == 1 {
        let geometry = ConvolutionGeometry(
          batch: 2, height: 21, width: 18, channels: 8, filters: 8, kernelHeight: kernel, kernelWidth: kernel,
          stride: 1, dilation: dilation, padding: Padding(dilation), upsampling: upsampling)
        guard let plan = geometry.winograd?.plan else {
          Issue.record("no plan for \(geometry)")
          continue
        }
        var visits = [Int](repeating: 0, count: geometry.outputLength)
        let side = plan.filtering.outputs
        var offsets = [Int](repeating: 0, count: side * side)
        for tile in 0..<plan.tileCount {
          for phase in 0..<plan.output.blockArea {
            plan.outputOffsets(tile: tile, phase: phase, side: side, into: &offsets)
            for offset in offsets where offset >= 0 { visits[offset] += 1 }
          }
        }
        let expected = (0..<geometry.outputLength).map { $0 % 8 == 0 ? 1 : 0 }
        #expect(visits == expected)
      }
    }
  }
}
