// The gate of a gated convolution: the first half of the channels through an activation, times the sigmoid of the
// second half (Yu et al., 2019, eq. 3).

/// What a gate does to its feature half.
public enum GateActivation: Sendable {
  case elu
  case relu
}

/// out = activation(feature) * sigmoid(gate).
///
/// - Parameters:
///   - pixels, channels: `x` is pixels x 2·channels, `out` is pixels x channels.
public func gate(
  _ activation: GateActivation, pixels: Int, channels: Int, _ x: Source, into out: Destination
) {
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, channels))) { range in
    gate(activation, range, channels, x, out)
  }
}

/// The gate of some of the pixels, on the calling thread.
@inline(__always)
func gate(
  _ activation: GateActivation, _ pixels: Range<Int>, _ channels: Int, _ x: Source, _ out: Destination
) {
  switch activation {
  case .elu: gateRange(pixels, channels, x, out) { elu($0) }
  case .relu: gateRange(pixels, channels, x, out) { $0 <= 0 ? 0 : $0 }
  }
}

/// The cotangent of a gate's input from that of its output and the saved input.
public func gateGradient(
  _ activation: GateActivation, pixels: Int, channels: Int, _ x: Source, _ cotangent: Source, into out: Destination
) {
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, 2 * channels))) { range in
    switch activation {
    case .elu:
      gateGradientRange(range, channels, x, cotangent, out) { x in
        let exponential = exponential(x)
        return x > 0 ? (x, 1) : (exponential - 1, exponential)
      }
    case .relu: gateGradientRange(range, channels, x, cotangent, out) { $0 <= 0 ? (0, 0) : ($0, 1) }
    }
  }
}

@inline(__always)
private func gateRange(
  _ pixels: Range<Int>, _ channels: Int, _ x: Source, _ out: Destination, _ activation: (Scalar) -> Scalar
) {
  for pixel in pixels {
    let feature = x + pixel * 2 * channels
    let gate = feature + channels
    let out = out + pixel * channels
    for channel in 0..<channels { out[channel] = activation(feature[channel]) * sigmoid(gate[channel]) }
  }
}

@inline(__always)
private func gateGradientRange(
  _ pixels: Range<Int>, _ channels: Int, _ x: Source, _ cotangent: Source, _ out: Destination,
  _ activation: (Scalar) -> (value: Scalar, slope: Scalar)
) {
  for pixel in pixels {
    let feature = x + pixel * 2 * channels
    let gate = feature + channels
    let cotangent = cotangent + pixel * channels
    let featureOut = out + pixel * 2 * channels
    let gateOut = featureOut + channels
    for channel in 0..<channels {
      let opening = sigmoid(gate[channel])
      let (value, slope) = activation(feature[channel])
      featureOut[channel] = cotangent[channel] * slope * opening
      gateOut[channel] = cotangent[channel] * value * opening * (1 - opening)
    }
  }
}
