/// A function of each number of a convolution's output, applied while it is in the cache.
///
/// The slope of each at any position follows from what it gave there, so that nobody needs to keep what it was given.
package enum ConvolutionActivation: Hashable, Sendable {
  case identity
  /// max(x, 0).
  case relu
  /// x above 0, slope · x elsewhere.
  case leakyReLU(slope: Scalar)
  /// x above 0, e^x - 1 elsewhere.
  case elu
}

/// values = activation(values), on the calling thread.
func activate(_ activation: ConvolutionActivation, _ count: Int, _ values: Destination) {
  switch activation {
  case .identity: break
  case .relu: for i in 0..<count { values[i] = relu(values[i]) }
  case .leakyReLU(let slope): for i in 0..<count { values[i] = leakyReLU(values[i], slope: slope) }
  case .elu: for i in 0..<count { values[i] = elu(values[i]) }
  }
}

/// The cotangents of what the activation was given, from what it gave and the cotangents of that, on the calling thread.
func activationGradient(
  _ activation: ConvolutionActivation, _ count: Int, output: Source, _ cotangent: Source, into out: Destination
) {
  switch activation {
  case .identity: out.update(from: cotangent, count: count)
  case .relu: for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : 0 }
  case .leakyReLU(let slope): for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : cotangent[i] * slope }
  case .elu: for i in 0..<count { out[i] = output[i] > 0 ? cotangent[i] : cotangent[i] * (output[i] + 1) }
  }
}

/// The same on all threads.
package func activationGradient(
  _ activation: ConvolutionActivation, count: Int, output: Source, cotangent: Source, into out: Destination
) {
  parallelRanges(count, grain: elementGrain) { range in
    let first = range.lowerBound
    activationGradient(activation, range.count, output: output + first, cotangent + first, into: out + first)
  }
}
