import Kernels

extension Tensor {
  /// False if any element is infinite or not a number.
  package var isFinite: Bool { allFinite(count, source) }
}
