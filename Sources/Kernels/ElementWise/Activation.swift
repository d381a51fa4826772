/// An element-wise function between layers.
package enum Activation: Hashable, Sendable {
  case identity
  /// max(x, 0).
  case relu
  /// x above 0, slope · x elsewhere.
  case leakyReLU(slope: Scalar)
  /// x above 0, e^x - 1 elsewhere.
  case elu
  case tanh
  case sigmoid

  /// True if a convolution or a normalization can apply it to sums in its cache.
  package var isFusible: Bool {
    switch self {
    case .identity, .relu, .leakyReLU, .elu: true
    case .tanh, .sigmoid: false
    }
  }

  /// True if it can act on the feature half of a gate.
  package var isGating: Bool { self == .elu || self == .relu }
}

// A fused activation's slope at any position follows from what it gave there, so that nobody needs to keep what it was
// given. Callers see to it that it is fusible: here nothing is checked.

/// values = activation(values) of a fusible activation, on the calling thread.
func activate(_ activation: Activation, _ count: Int, _ values: Destination) {
  switch activation {
  case .identity, .tanh, .sigmoid: break
  case .relu: for i in 0..<count { values[i] = relu(values[i]) }
  case .leakyReLU(let slope): for i in 0..<count { values[i] = leakyReLU(values[i], slope: slope) }
  case .elu: for i in 0..<count { values[i] = elu(values[i]) }
  }
}

/// The cotangents of what the activation was given, from what it gave and the cotangents of that, on the calling thread.
func activationGradient(
  _ activation: Activation, _ count: Int, output: Source, _ cotangent: Source, into out: Destination
) {
  switch activation {
  case .identity, .tanh, .sigmoid: out.update(from: cotangent, count: count)
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

/// max(x, 0), and NaN where x is.
@inline(__always)
func relu(_ x: Scalar) -> Scalar { x <= 0 ? 0 : x }

@inline(__always)
func relu(_ x: Lanes) -> Lanes { x.replacing(with: 0, where: x .<= 0) }

/// x above 0, slope · x elsewhere.
@inline(__always)
func leakyReLU(_ x: Scalar, slope: Scalar) -> Scalar { x > 0 ? x : x * slope }

@inline(__always)
func leakyReLU(_ x: Lanes, slope: Scalar) -> Lanes { (x * slope).replacing(with: x, where: x .> 0) }
