/// An element-wise activation function.
package enum Activation: Hashable, Sendable {
  case identity
  /// max(x, 0).
  case relu
  /// x where x > 0, slope · x elsewhere.
  case leakyReLU(slope: Scalar)
  /// x where x > 0, e^x - 1 elsewhere.
  case elu
  case tanh
  case sigmoid

  /// True if a convolution or a normalization can apply it to its output in the cache.
  package var isFusible: Bool {
    switch self {
    case .identity, .relu, .leakyReLU, .elu: true
    case .tanh, .sigmoid: false
    }
  }

  /// True if it can be the activation of a gate's features.
  package var isGating: Bool { self == .elu || self == .relu }
}

// The derivative of a fusible activation follows from its output, so its input need not be saved. The caller makes sure
// that the activation is fusible.

/// values = activation(values), on the calling thread. The activation is fusible.
func activate(_ activation: Activation, _ count: Int, _ values: Destination) {
  switch activation {
  case .identity: break
  case .tanh, .sigmoid: fatalError("activate: \(activation) is not fusible")
  case .relu: for i in 0..<count { values[i] = relu(values[i]) }
  case .leakyReLU(let slope): for i in 0..<count { values[i] = leakyReLU(values[i], slope: slope) }
  case .elu: for i in 0..<count { values[i] = elu(values[i]) }
  }
}

/// The gradient of a fusible activation's input, from its output and the output's cotangent, on the calling thread.
func activationGradient(
  _ activation: Activation, _ count: Int, output: Source, _ cotangent: Source, into out: Destination
) {
  switch activation {
  case .identity: out.update(from: cotangent, count: count)
  case .tanh, .sigmoid: fatalError("activationGradient: \(activation) is not fusible")
  case .relu: for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : 0 }
  case .leakyReLU(let slope): for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : cotangent[i] * slope }
  case .elu: for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : cotangent[i] * (output[i] + 1) }
  }
}

/// The same on all threads.
package func activationGradient(
  _ activation: Activation, count: Int, output: Source, cotangent: Source, into out: Destination
) {
  parallelRanges(count, grain: elementGrain) { range in
    let first = range.lowerBound
    activationGradient(activation, range.count, output: output + first, cotangent + first, into: out + first)
  }
}

/// max(x, 0); NaN where x is NaN.
@inline(__always)
func relu(_ x: Scalar) -> Scalar { x <= 0 ? 0 : x }

@inline(__always)
func relu(_ x: Lanes) -> Lanes { x.replacing(with: 0, where: x .<= 0) }

/// x where x > 0, slope · x elsewhere.
@inline(__always)
func leakyReLU(_ x: Scalar, slope: Scalar) -> Scalar { x > 0 ? x : x * slope }

@inline(__always)
func leakyReLU(_ x: Lanes, slope: Scalar) -> Lanes { (x * slope).replacing(with: x, where: x .> 0) }

// The gate of a gated convolution: activation(first half of the channels) · sigmoid(second half) (Yu et al., 2019,
// eq. 3). The caller makes sure that `isGating` holds: ELU or ReLU.

extension Activation {
  /// activation(feature) · sigmoid(gate), for eight channels.
  @inline(__always)
  func gated(_ feature: Lanes, by gate: Lanes) -> Lanes {
    value(feature, power: exponential(feature)) * Kernels.sigmoid(gate)
  }

  /// - Parameter power: e^feature.
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

/// The same for some of the pixels, on the calling thread.
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

/// The gradient of a gate's input, from the saved input and the output's cotangent.
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
