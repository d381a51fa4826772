package import Support
package import Tensors

/// An initializer of weights.
///
/// The fan-in (fan-out) of a filter [kernel height, kernel width, inputs, outputs] or a matrix [inputs, outputs] is the
/// number of inputs (outputs) times the kernel's area.
package struct Initializer: Sendable {
  /// The direction in which a layer keeps the variance.
  package enum Fan: Sendable {
    /// Fan-in: the variance of the activations in the forward pass.
    case input
    /// Fan-out: the variance of the gradients in the backward pass.
    case output
  }

  private let values: @Sendable (Shape, inout RandomStream) -> Tensor

  /// - Parameter values: Makes a tensor of a shape from a random stream.
  package init(_ values: @escaping @Sendable (_ shape: Shape, _ stream: inout RandomStream) -> Tensor) {
    self.values = values
  }

  package func callAsFunction(_ shape: Shape, _ stream: inout RandomStream) -> Tensor { values(shape, &stream) }

  package static let zeros = Initializer { shape, _ in .zeros(shape) }

  /// Uniform in ±√(6 / (fan in + fan out)) (Glorot and Bengio, 2010, eq. 16).
  package static let glorotUniform = Initializer { shape, stream in
    let bound = (6 / Double(fan(.input, shape) + fan(.output, shape))).squareRoot()
    return .uniform(shape, in: -bound..<bound, from: &stream)
  }

  /// Uniform with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 for a ReLU.
  package static func kaimingUniform(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let bound = gain * (3 / Double(fan(side, shape))).squareRoot()
      return .uniform(shape, in: -bound..<bound, from: &stream)
    }
  }

  /// Normal with standard deviation gain / √fan (He et al., 2015, eq. 10 and 14).
  ///
  /// - Parameter gain: √2 for a ReLU.
  package static func kaimingNormal(_ side: Fan = .input, gain: Double = 2.0.squareRoot()) -> Initializer {
    Initializer { shape, stream in
      let deviation = gain / Double(fan(side, shape)).squareRoot()
      return .normal(shape, deviation: deviation, from: &stream)
    }
  }

  /// Normal with mean 0 and standard deviation `deviation`.
  package static func normal(deviation: Double) -> Initializer {
    Initializer { shape, stream in .normal(shape, deviation: deviation, from: &stream) }
  }

  /// Normal with mean 0, truncated by redrawing samples beyond two standard deviations.
  ///
  /// - Parameter deviation: The standard deviation before the truncation.
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

/// The initialization of a network's parameters: a seed, a rule, and the module's name.
///
/// ```swift
/// let initialization = Initialization(seed: 1, name: "generator")
/// conv1 = Conv2d(inputChannels: 3, outputChannels: 8, kernel: 3, initialization: initialization["conv1"])
/// ```
///
/// Each parameter has its own random stream, keyed by its full name (`generator.conv1.weight`), so that its values
/// depend neither on the order of construction nor on the other modules.
package struct Initialization: Sendable {
  package let seed: UInt64
  package let name: String
  private let weights: Initializer

  /// - Parameters:
  ///   - name: The network's name, which prefixes those of its modules.
  ///   - weights: The rule for filters and matrices; biases are initialized with 0.
  package init(seed: UInt64, name: String = "", weights: Initializer = .glorotUniform) {
    self.seed = seed
    self.name = name
    self.weights = weights
  }

  /// The initialization of the submodule with this property name.
  package subscript(component: String) -> Initialization {
    Initialization(seed: seed, name: name.isEmpty ? component : name + "." + component, weights: weights)
  }

  /// A copy with another rule.
  package func with(weights: Initializer) -> Initialization {
    Initialization(seed: seed, name: name, weights: weights)
  }

  /// A filter or matrix initialized by the rule, for the property `component`.
  package func weight(_ shape: Shape, _ component: String = "weight") -> Parameter {
    Parameter(values(shape, component, by: weights))
  }

  /// Values by another rule, for the property `component`.
  package func values(_ shape: Shape, _ component: String, by rule: Initializer) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: self[component].name)
    return rule(shape, &stream)
  }
}
