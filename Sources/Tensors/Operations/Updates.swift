import Kernels

// In-place updates by optimizers, each in one pass over memory. They are not recorded on tapes.

extension Parameter {
  /// One step of Adam (Kingma and Ba, 2015, algorithm 1): m ← β1 · m + (1 − β1) · g, v ← β2 · v + (1 − β2) · g²,
  /// value ← value − stepSize · m / (√v + ε).
  ///
  /// - Parameters:
  ///   - elements: Those that are changed, in row-major order; nil for all.
  ///   - stepSize: The learning rate, including the bias corrections of the moments.
  ///   - mean, variance: The moments m and v of these elements.
  ///   - average: An exponential moving average of the parameter, of its shape, which is updated in the same pass:
  ///     average ← average + (1 − decay) · (value − average). nil for none.
  /// - Precondition: No tape is watching.
  package func stepAdam(
    _ elements: Range<Int>? = nil, gradient: Tensor, mean: inout Tensor, variance: inout Tensor, stepSize: Scalar,
    beta1: Scalar, beta2: Scalar, epsilon: Scalar, average: inout Tensor?, decay: Scalar
  ) {
    let elements = elements ?? 0..<shape.elementCount
    precondition(
      [gradient, average ?? gradient].allSatisfy { $0.shape == shape }
        && [mean, variance].allSatisfy { $0.count == elements.count } && elements.upperBound <= shape.elementCount,
      "stepAdam: expected shape \(shape), found a gradient of shape \(gradient.shape) and moments of shapes "
        + "\(mean.shape) and \(variance.shape) for the elements \(elements)")
    update { value in
      mean.withMutableElements { mean in
        variance.withMutableElements { variance in
          func step(_ average: Destination?) {
            adamStep(
              elements.count, stepSize: stepSize, beta1: beta1, beta2: beta2, epsilon: epsilon,
              gradient: gradient.source + elements.lowerBound, parameter: value.baseAddress! + elements.lowerBound,
              mean: mean.baseAddress!, variance: variance.baseAddress!,
              average: average.map { $0 + elements.lowerBound },
              decay: decay)
          }
          if average?.withMutableElements({ step($0.baseAddress) }) == nil { step(nil) }
        }
      }
    }
  }
}

extension Tensor {
  /// One step of an exponential moving average: self ← self + (1 − decay) · (value − self).
  ///
  /// - Precondition: The shapes are equal, and this tensor is on no tape.
  package mutating func moveAverage(towards value: Tensor, decay: Scalar) {
    precondition(value.shape == shape, "moveAverage: expected shape \(shape), found \(value.shape)")
    withMutableElements {
      movingAverageStep($0.count, decay: decay, value: value.source, average: $0.baseAddress!)
    }
  }
}
