import TestSupport
import Testing

@testable import Kernels

@Suite struct BatchNormalizationTests {
  private let pixels = 1037
  private let channels = 24
  private var x: [Scalar] { wave(pixels * channels, frequency: 0.71) }
  private var cotangent: [Scalar] { wave(pixels * channels, frequency: 0.39, phase: 1) }
  private var mean: [Scalar] { wave(channels, frequency: 1.3, scale: 0.2) }
  private var scale: [Scalar] { wave(channels, frequency: 0.9, offset: 2) }
  private var bias: [Scalar] { wave(channels, frequency: 0.5, scale: 0.3) }
  private var inverseStandardDeviation: [Scalar] { wave(channels, frequency: 0.6, scale: 0.2, offset: 1) }

  @Test(arguments: [Activation.identity, .relu, .leakyReLU(slope: 0.2), .elu])
  func `features are centered, scaled, shifted and activated`(activation: Activation) {
    let found = normalized(activation)
    for index in stride(from: 0, to: x.count, by: 7) {
      let channel = index % channels
      let expected = (x[index] - mean[channel]) * scale[channel] + bias[channel]
      let activated = output(1) { y in
        y[0] = expected
        activate(activation, 1, y)
      }
      #expect(abs(found[index] - activated[0]) < 1e-6)
    }
  }

  @Test(arguments: [Activation.identity, .relu, .leakyReLU(slope: 0.2), .elu])
  func `the gradient has the activation's slope, and neither mean nor share of the features`(
    activation: Activation
  ) {
    let (x, mean, scale, inverseStandardDeviation, cotangent) = (
      self.x, mean, scale, inverseStandardDeviation, cotangent
    )
    let activated = normalized(activation)
    let features = { (body: (NormalizedFeatures) -> Void) in
      body(
        NormalizedFeatures(
          pixels: pixels, channels: channels, x: x, output: activated, cotangent: cotangent, activation: activation,
          mean: mean, inverseStandardDeviation: inverseStandardDeviation))
    }
    let g = output(x.count) { g in
      activationGradient(activation, count: x.count, output: activated, cotangent: cotangent, into: g)
    }
    let sums = output(2 * channels) { sums in features { batchNormalizationSums($0, into: sums) } }
    let dx = output(x.count) { dx in features { batchNormalizationGradient($0, scale: scale, sums: sums, into: dx) } }
    for channel in 0..<channels {
      let places = stride(from: channel, to: x.count, by: channels)
      let normal = { (place: Int) in Double((x[place] - mean[channel]) * inverseStandardDeviation[channel]) }
      let plain = places.map { Double(g[$0]) }.reduce(0, +)
      let weighted = places.map { Double(g[$0]) * normal($0) }.reduce(0, +)
      #expect(abs(Double(sums[channel]) - plain) < tolerance(2e-4, 1e-11))
      #expect(abs(Double(sums[channels + channel]) - weighted) < tolerance(2e-4, 1e-11))
      for place in places {
        let rest = Double(g[place]) - plain / Double(pixels) - normal(place) * weighted / Double(pixels)
        #expect(abs(Double(dx[place]) - Double(scale[channel]) * rest) < tolerance(5e-6, 1e-13))
      }
    }
  }

  private func normalized(_ activation: Activation) -> [Scalar] {
    let (x, mean, scale, bias) = (x, mean, scale, bias)
    return output(x.count) {
      normalize(
        pixels: pixels, channels: channels, x, ChannelScales(mean: mean, scale: scale, bias: bias), activation, into: $0
      )
    }
  }
}

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
