package import Tensors

extension Tensor {
  /// scale · sin(frequency · i + phase) + offset at each row-major index i: numbers without symmetry that need no
  /// generator.
  package static func wave(
    _ shape: Shape, frequency: Double = 0.37, phase: Double = 0.1, scale: Double = 1, offset: Double = 0
  ) -> Tensor {
    let numbers = TestSupport.wave(
      shape.elementCount, frequency: frequency, phase: phase, scale: scale, offset: offset)
    return Tensor(numbers, shape: shape)
  }

  /// 0, 1, 2, … in row-major order: every element tells where it came from.
  package static func counting(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.elementCount).map { Scalar($0) }, shape: shape)
  }

  /// The element at a place, for naive loops.
  package subscript(indices: Int...) -> Scalar {
    precondition(indices.count == rank, "subscript: \(indices) for shape \(shape)")
    let place = zip(indices, shape).reduce(0) { $0 * $1.1 + $1.0 }
    return withElements { $0[place] }
  }

  /// The largest absolute difference from another tensor of the same shape; infinite if a value is NaN.
  package func largestDifference(from other: Tensor) -> Double {
    precondition(shape == other.shape, "largestDifference: shapes \(shape) and \(other.shape) differ")
    return TestSupport.largestDifference(elements, other.elements)
  }
}
