import Kernels

extension Tensor {
  /// False if any element is infinite or not a number.
  public var isFinite: Bool { allFinite(count, source) }
}
