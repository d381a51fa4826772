import Tensors
import TestSupport

@testable import NeuralNetworks

/// What an attention gives for the numbers that its golden values were computed from, on the way forward and back.
struct GoldenRun {
  let output: Tensor
  /// The gradient at the features.
  let slope: Tensor
  /// The gradients at the parameters, by their names elsewhere.
  let gradients: [String: Tensor]

  init(_ layer: some Layer & PortedModule, at x: Tensor, values: [String: Tensor] = [:]) throws {
    try layer.loadGoldenFill(values)
    let weights = layer.portedWeights.filter { $0.parameter != nil }
    let input = Parameter(x)
    var output: Tensor?
    let found = valueWithGradient(at: [input] + weights.map { $0.parameter! }) {
      let y = layer(input.value)
      output = y.detached()
      return dot(y, GoldenFill.cotangent(ofFeatures: y.shape))
    }
    self.output = output!
    slope = found.gradient[0]
    gradients = Dictionary(uniqueKeysWithValues: zip(weights.map(\.name), found.gradient.dropFirst()))
  }

  /// The largest difference from the published sums of squares of gradients.
  func difference(fromSquares squares: [String: Double]) -> Double {
    squares.map { name, squares in
      gradients[name].map { GoldenValue(squares: squares).difference(from: $0) } ?? .infinity
    }.max() ?? 0
  }
}

extension PortedModule {
  /// Gives the parameters the numbers of golden values, in the order of the names elsewhere; gates get 0.5.
  ///
  /// - Parameter values: For parameters that have others.
  func loadGoldenFill(_ values: [String: Tensor] = [:]) throws {
    var state = Dictionary(uniqueKeysWithValues: stateDictionary().map { ($0.name, $0.value) })
    for (number, weight) in portedWeights.filter({ $0.parameter != nil }).enumerated() {
      let isGate = weight.name.hasSuffix("gamma")
      state[weight.name] =
        values[weight.name]
        ?? (isGate ? Tensor(repeating: 0.5, shape: weight.shape) : GoldenFill.parameter(number, weight.shape))
    }
    try load { state[$0] }
  }
}
