import Support
import Tensors

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
