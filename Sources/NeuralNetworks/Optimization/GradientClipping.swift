package import Tensors

/// Gradient clipping. Values that are not finite stay so, to be detected by callers.
package enum GradientClipping: Hashable, Sendable {
  /// No clipping.
  case none
  /// All gradients are scaled by the same factor if their global norm exceeds this (Pascanu et al., 2013, algorithm 1).
  case globalNorm(Double)
  /// Each element is clamped to ± this.
  case value(Double)

  package func callAsFunction(_ gradients: [Tensor]) -> [Tensor] {
    switch self {
    case .none: return gradients
    case .globalNorm(let limit):
      let norm = gradients.globalNorm
      // A comparison with NaN is false, and a scaled NaN is NaN.
      return norm <= limit ? gradients : gradients.map { $0 * Scalar(limit / norm) }
    case .value(let limit): return gradients.map { clamp($0, -Scalar(limit), Scalar(limit)) }
    }
  }
}

extension Array where Element == Tensor {
  /// The L2 norm of all tensors together, as one vector.
  package var globalNorm: Double {
    reduce(0) { $0 + Double(square($1).sum().scalar) }.squareRoot()
  }
}
