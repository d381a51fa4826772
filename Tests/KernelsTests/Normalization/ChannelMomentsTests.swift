import TestSupport
import Testing

@testable import Kernels

@Suite struct ChannelMomentsTests {
  /// A part of a block, whole blocks, and a last one that is cut off; vectors that are filled and that are not.
  @Test(arguments: [(1, 3), (5, 8), (4096, 2), (5000, 3), (1037, 24)])
  func `means and variances are those of each channel`(pixels: Int, channels: Int) {
    let x = wave(pixels * channels, frequency: 0.71, scale: 2, offset: 1)
    let (mean, variance) = moments(x, pixels, channels)
    for channel in 0..<channels {
      let values = stride(from: channel, to: x.count, by: channels).map { Double(x[$0]) }
      let expected = values.reduce(0, +) / Double(pixels)
      let squares = values.map { ($0 - expected) * ($0 - expected) }.reduce(0, +) / Double(pixels)
      #expect(abs(Double(mean[channel]) - expected) < tolerance(2e-6, 1e-13))
      #expect(abs(Double(variance[channel]) - squares) < tolerance(5e-6, 1e-13))
    }
  }

  @Test func `a large mean costs no precision of the variance`() {
    let x = wave(20_000, frequency: 0.71)
    let (_, near) = moments(x, 20_000, 1)
    let (_, far) = moments(x.map { $0 + 1000 }, 20_000, 1)
    #expect(abs(far[0] / near[0] - 1) < 1e-3)
  }

  private func moments(_ x: [Scalar], _ pixels: Int, _ channels: Int) -> (mean: [Scalar], variance: [Scalar]) {
    var variance: [Scalar] = []
    let mean = output(channels) { mean in
      variance = output(channels) {
        channelMoments(pixels: pixels, channels: channels, x, mean: mean, variance: $0)
      }
    }
    return (mean, variance)
  }
}
