import Kernels

extension Tensor {
  /// False if any element is infinite or not a number.
  package var isFinite: Bool { allFinite(count, source) }

  /// True if all elements are `value`.
  package func isEverywhere(_ value: Scalar) -> Bool { withExtendedLifetime(self) { allEqual(count, source, value) } }
}
