/// One step of Adam (Kingma and Ba, 2015, algorithm 1) on one array, in one pass over memory.
///
/// - Parameters:
///   - stepSize: The learning rate times √(1 − β2ᵗ)/(1 − β1ᵗ).
///   - epsilon: Added to √v, as in the paper's efficient form and in TensorFlow.
///   - parameter, mean, variance: The parameter and its first and second moments; updated in place.
///   - average: An exponential moving average of the parameter, updated in the same pass; nil for none.
///   - decay: The average's decay: average ← average + (1 − decay) · (parameter − average).
package func adamStep(
  _ count: Int, stepSize: Scalar, beta1: Scalar, beta2: Scalar, epsilon: Scalar, gradient: Source,
  parameter: Destination, mean: Destination, variance: Destination, average: Destination? = nil, decay: Scalar = 0
) {
  // Ranges that stay in a core's cache from one loop to the next.
  parallelRanges(count, grain: elementGrain / 8) { range in
    for i in range {
      let slope = gradient[i]
      let m = beta1 * mean[i] + (1 - beta1) * slope
      let v = beta2 * variance[i] + (1 - beta2) * slope * slope
      mean[i] = m
      variance[i] = v
      parameter[i] -= stepSize * m / (v.squareRoot() + epsilon)
    }
    if let average { moveAverage(range, decay, parameter, average) }
  }
}

/// average += (1 - decay) * (value - average), in place.
package func movingAverageStep(_ count: Int, decay: Scalar, value: Source, average: Destination) {
  parallelRanges(count, grain: elementGrain) { moveAverage($0, decay, value, average) }
}

@inline(__always)
private func moveAverage(_ range: Range<Int>, _ decay: Scalar, _ value: Source, _ average: Destination) {
  for i in range { average[i] += (1 - decay) * (value[i] - average[i]) }
}
