import Support
import Tensors

/// A rule for a weight's first values.
///
/// Fans are those of a filter [kernel height, kernel width, inputs, outputs] or a matrix [inputs, outputs]: the inputs,
/// or outputs, times the kernel's area.
package struct Initializer: Sendable {
  /// Which side of a layer keeps its variance.
  package enum Fan: Sendable {
    /// The activations on the way forward.
    case input
    /// The gradients on the way back.
    case output
  }

  private let values: @Sendable (Shape, inout RandomStream) -> Tensor

  /// - Parameter values: Makes a tensor of the shape given from random numbers of the stream given.
  package init(_ values: @escaping @Sendable (_ shape: Shape, _ stream: inout RandomStream) -> Tensor) {
    self.values = values
  }

  package func callAsFunction(_ shape: Shape, _ stream: inout RandomStream) -> Tensor { values(shape, &stream) }

  package static let zeros = Initializer { shape, _ in .zeros(shape) }

  /// Uniform within ±√(6 / (fan in + fan out)) (Glorot and Bengio, 2010, eq. 16).
  package static let glorotUniform = Initializer { shape, stream in
    let bound = (6 / Double(fan(.input, shape) + fan(.output, shape))).squareRoot()
    return drawn(shape) { stream.uniform(-bound..<bound) }
  }

  /// Uniform with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 suits a ReLU.
  package static func kaimingUniform(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let bound = gain * (3 / Double(fan(side, shape))).squareRoot()
      return drawn(shape) { stream.uniform(-bound..<bound) }
    }
  }

  /// Normal with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 suits a ReLU.
  package static func kaimingNormal(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let deviation = gain / Double(fan(side, shape)).squareRoot()
      return drawn(shape) { deviation * stream.normal() }
    }
  }

  /// Normal with mean 0.
  package static func normal(deviation: Double) -> Initializer {
    Initializer { shape, stream in drawn(shape) { deviation * stream.normal() } }
  }

  /// Normal with mean 0, where samples beyond two standard deviations are drawn again.
  ///
  /// - Parameter deviation: That of the whole distribution, before its ends are cut.
  package static func truncatedNormal(deviation: Double) -> Initializer {
    Initializer { shape, stream in
      drawn(shape) {
        while true {
          let sample = stream.normal()
          if abs(sample) <= 2 { return deviation * sample }
        }
      }
    }
  }

  private static func drawn(_ shape: Shape, _ next: () -> Double) -> Tensor {
    Tensor(shape: shape) { elements in
      for index in elements.indices { elements[index] = Scalar(next()) }
    }
  }

  static func fan(_ side: Fan, _ shape: Shape) -> Int {
    precondition(
      shape.count >= 2 && shape.elementCount > 0, "Initializer: a weight of shape \(shape) has no inputs and outputs")
    let area = Shape(shape.dropLast(2)).elementCount
    return area * (side == .input ? shape[shape.count - 2] : shape[shape.count - 1])
  }
}
