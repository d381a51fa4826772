// The gate of a gated convolution: the first half of the channels through an activation, times the sigmoid of the
// second half (Yu et al., 2019, eq. 3). Callers see to it that the activation is a gating one, ELU or ReLU.

extension Activation {
  /// Of eight features and their gates: what comes out.
  @inline(__always)
  func gated(_ feature: Lanes, by gate: Lanes) -> Lanes {
    value(feature, power: exponential(feature)) * Kernels.sigmoid(gate)
  }

  /// - Parameter power: e to the feature.
  @inline(__always)
  fileprivate func value(_ feature: Lanes, power: Lanes) -> Lanes {
    switch self {
    case .relu: feature.replacing(with: 0, where: feature .<= 0)
    default: (power - 1).replacing(with: feature, where: feature .> 0)
    }
  }

  @inline(__always)
  fileprivate func slope(_ feature: Lanes, power: Lanes) -> Lanes {
    switch self {
    case .relu: Lanes(repeating: 1).replacing(with: 0, where: feature .<= 0)
    default: power.replacing(with: 1, where: feature .> 0)
    }
  }
}

/// out = activation(feature) * sigmoid(gate).
///
/// - Parameters:
///   - pixels, channels: `x` is pixels x 2·channels, `out` is pixels x channels.
package func gate(
  _ activation: Activation, pixels: Int, channels: Int, _ x: Source, into out: Destination
) {
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, channels))) { range in
    gate(activation, range, channels, x, out)
  }
}

/// The gate of some of the pixels, on the calling thread.
func gate(
  _ activation: Activation, _ pixels: Range<Int>, _ channels: Int, _ x: Source, _ out: Destination
) {
  for pixel in pixels {
    let features = x + pixel * 2 * channels
    let gates = features + channels
    let out = out + pixel * channels
    forEachEight(of: channels) { channel, count in
      out.store(
        activation.gated(features.lanes(channel, count: count), by: gates.lanes(channel, count: count)), channel,
        count: count)
    }
  }
}

/// The cotangent of a gate's input from that of its output and the saved input.
package func gateGradient(
  _ activation: Activation, pixels: Int, channels: Int, _ x: Source, _ cotangent: Source, into out: Destination
) {
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, 2 * channels))) { range in
    for pixel in range {
      let features = x + pixel * 2 * channels
      let gates = features + channels
      let cotangents = cotangent + pixel * channels
      let featuresOut = out + pixel * 2 * channels
      let gatesOut = featuresOut + channels
      forEachEight(of: channels) { channel, count in
        let feature = features.lanes(channel, count: count)
        let power = exponential(feature)
        let opening = sigmoid(gates.lanes(channel, count: count))
        let cotangent = cotangents.lanes(channel, count: count) * opening
        featuresOut.store(cotangent * activation.slope(feature, power: power), channel, count: count)
        gatesOut.store(
          cotangent * activation.value(feature, power: power) * (1 - opening), channel, count: count)
      }
    }
  }
}
