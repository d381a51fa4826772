package import Support
package import Tensors

/// A rule for a weight's first values.
///
/// Fans are those of a filter [kernel height, kernel width, inputs, outputs] or a matrix [inputs, outputs]: the inputs,
/// or outputs, times the kernel's area.
package struct Initializer: Sendable {
  /// The side of a layer that keeps its variance.
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
    return .uniform(shape, in: -bound..<bound, from: &stream)
  }

  /// Uniform with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 suits a ReLU.
  package static func kaimingUniform(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let bound = gain * (3 / Double(fan(side, shape))).squareRoot()
      return .uniform(shape, in: -bound..<bound, from: &stream)
    }
  }

  /// Normal with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 suits a ReLU.
  package static func kaimingNormal(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let deviation = gain / Double(fan(side, shape)).squareRoot()
      return .normal(shape, deviation: deviation, from: &stream)
    }
  }

  /// Normal with mean 0.
  package static func normal(deviation: Double) -> Initializer {
    Initializer { shape, stream in .normal(shape, deviation: deviation, from: &stream) }
  }

  /// Normal with mean 0, where samples beyond two standard deviations are drawn again.
  ///
  /// - Parameter deviation: That of the whole distribution, before its ends are cut.
  package static func truncatedNormal(deviation: Double) -> Initializer {
    Initializer { shape, stream in .truncatedNormal(shape, deviation: deviation, from: &stream) }
  }

  static func fan(_ side: Fan, _ shape: Shape) -> Int {
    precondition(
      shape.count >= 2 && shape.elementCount > 0, "Initializer: a weight of shape \(shape) has no inputs and outputs")
    let area = Shape(shape.dropLast(2)).elementCount
    return area * (side == .input ? shape[shape.count - 2] : shape[shape.count - 1])
  }
}

/// The source of the first values of a network's modules: a seed, a rule, and the module's name.
///
/// ```swift
/// let initialization = Initialization(seed: 1, name: "generator")
/// conv1 = Conv2d(inputChannels: 3, outputChannels: 8, kernel: 3, initialization: initialization["conv1"])
/// ```
///
/// Each parameter has a random stream of its own, keyed by its full name (`generator.conv1.weight`), so that its values
/// depend neither on the order in which a network is built nor on what else it contains.
package struct Initialization: Sendable {
  package let seed: UInt64
  package let name: String
  private let weights: Initializer

  /// - Parameters:
  ///   - name: The name of the network, before those of its modules.
  ///   - weights: The rule for filters and matrices; biases start at 0.
  package init(seed: UInt64, name: String = "", weights: Initializer = .glorotUniform) {
    self.seed = seed
    self.name = name
    self.weights = weights
  }

  /// The initialization of the nested module with this property name.
  package subscript(component: String) -> Initialization {
    Initialization(seed: seed, name: name.isEmpty ? component : name + "." + component, weights: weights)
  }

  /// The same with another rule.
  package func with(weights: Initializer) -> Initialization {
    Initialization(seed: seed, name: name, weights: weights)
  }

  /// A filter or matrix by the rule, for the property `component`.
  package func weight(_ shape: Shape, _ component: String = "weight") -> Parameter {
    Parameter(values(shape, component, by: weights))
  }

  /// Values by another rule, for the property `component`.
  package func values(_ shape: Shape, _ component: String, by rule: Initializer) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: self[component].name)
    return rule(shape, &stream)
  }
}
