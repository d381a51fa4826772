import Foundation
package import Tensors

/// The numbers that published golden values of attention modules are computed from: scale · sin(frequency · i + phase) at
/// each row-major index of the shape given, in `Double`.
package enum GoldenFill {
  /// Features, [batch, channels, height, width] where they come from, as [batch, height, width, channels].
  package static func features(
    _ batch: Int, _ channels: Int, _ height: Int, _ width: Int, frequency: Double = 0.37, phase: Double = 0.1
  ) -> Tensor {
    Tensor.wave([batch, channels, height, width], frequency: frequency, phase: phase).permuted([0, 2, 3, 1])
  }

  /// The k-th parameter in the order of the module that the values come from, counted from 0.
  package static func parameter(_ number: Int, _ shape: Shape, scale: Double = 0.4) -> Tensor {
    .wave(shape, frequency: 0.61, phase: 0.2 + 0.9 * Double(number), scale: scale)
  }

  /// The cotangent of golden gradients: cos(0.23 · i), in the order of
  /// [batch, channels, height, width].
  package static func cotangent(ofFeatures shape: Shape) -> Tensor {
    cotangent([shape[0], shape[3], shape[1], shape[2]]).permuted([0, 2, 3, 1])
  }

  /// The same for a tensor of which the axes are where they were.
  package static func cotangent(_ shape: Shape) -> Tensor {
    .wave(shape, frequency: 0.23, phase: Double.pi / 2)
  }
}

/// The published statistics of a tensor.
package struct GoldenValue: Sendable {
  package var sum: Double?
  package var squares: Double?
  package var first: Double?
  package var last: Double?

  package init(sum: Double? = nil, squares: Double? = nil, first: Double? = nil, last: Double? = nil) {
    self.sum = sum
    self.squares = squares
    self.first = first
    self.last = last
  }

  /// The largest difference between what is published and what is found, relative to the larger of 1 and the value; for
  /// the sum, of the largest that the numbers' squares allow.
  ///
  /// - Parameter features: [batch, height, width, channels]; first and last are counted with channels before places.
  package func difference(fromFeatures features: Tensor) -> Double {
    difference(from: features.permuted([0, 3, 1, 2]))
  }

  /// The same for a tensor whose axes are where they were.
  package func difference(from tensor: Tensor) -> Double {
    let elements = tensor.elements.map { Double($0) }
    let squares = elements.reduce(0) { $0 + $1 * $1 }
    func distance(_ found: Double, _ expected: Double?, scale: Double) -> Double {
      guard let expected else { return 0 }
      return found.isNaN ? .infinity : abs(found - expected) / max(1, scale, abs(expected))
    }
    return [
      distance(elements.reduce(0, +), sum, scale: (squares * Double(elements.count)).squareRoot()),
      distance(squares, self.squares, scale: 0), distance(elements[0], first, scale: 0),
      distance(elements[elements.count - 1], last, scale: 0),
    ].max() ?? 0
  }

  /// 1e-4 in `Float`; in `Double` half of the last published digit decides: 1e-9.
  package static var tolerance: Double { MemoryLayout<Scalar>.size == 8 ? 1e-9 : 1e-4 }
}
