import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

/// The outputs and gradients of a module for the numbers that its golden values were computed from.
struct GoldenRun {
  let output: Tensor
  /// The gradients at the inputs.
  let slopes: [Tensor]
  /// The gradients at the parameters, by their names elsewhere.
  let gradients: [String: Tensor]

  /// Fills the module and runs it once.
  ///
  /// - Parameters:
  ///   - names, values, scale: How parameters are filled: see `loadGoldenFill`.
  ///   - inputs: Features or tokens.
  ///   - function: The output of the filled module for the inputs.
  init(
    _ module: some PortedModule, names: [String]? = nil, values: [String: Tensor] = [:], scale: Double = 0.4,
    at inputs: [Tensor], of function: ([Tensor]) -> Tensor
  ) throws {
    try module.loadGoldenFill(names: names, values: values, scale: scale)
    let weights = module.portedWeights.filter { $0.parameter != nil }
    let arguments = inputs.map { Parameter($0) }
    var output: Tensor?
    let found = valueWithGradient(at: arguments + weights.map { $0.parameter! }) {
      let y = function(arguments.map(\.value))
      output = y.detached()
      return dot(y, y.rank == 4 ? GoldenFill.cotangent(ofFeatures: y.shape) : GoldenFill.cotangent(y.shape))
    }.gradient
    self.output = output!
    slopes = Array(found.prefix(inputs.count))
    gradients = Dictionary(uniqueKeysWithValues: zip(weights.map(\.name), found.dropFirst(inputs.count)))
  }

  init(
    _ layer: some Layer & PortedModule, names: [String]? = nil, values: [String: Tensor] = [:], scale: Double = 0.4,
    at x: Tensor
  ) throws {
    try self.init(layer, names: names, values: values, scale: scale, at: [x]) { layer($0[0]) }
  }

  /// The largest relative difference from what is published; tensors of four axes are features.
  ///
  /// - Parameters:
  ///   - slopes: Of the gradients at the inputs, in their order.
  ///   - squares: The sums of squares of the gradients at some parameters.
  func difference(
    fromOutput output: GoldenValue? = nil, slopes: GoldenValue..., squares: [String: Double] = [:]
  ) -> Double {
    func difference(_ golden: GoldenValue, _ found: Tensor) -> Double {
      found.rank == 4 ? golden.difference(fromFeatures: found) : golden.difference(from: found)
    }
    let ofOutput = output.map { difference($0, self.output) } ?? 0
    let ofSlopes = slopes.enumerated().map { difference($1, self.slopes[$0]) }
    let ofGradients = squares.map { name, squares in
      gradients[name].map { GoldenValue(squares: squares).difference(from: $0) } ?? .infinity
    }
    return ([ofOutput] + ofSlopes + ofGradients).max()!
  }
}

extension PortedModule {
  /// Gives the parameters the numbers of golden values; gates get 0.5, and buffers keep what they have.
  ///
  /// - Parameters:
  ///   - names: The parameters' names elsewhere, all of them, in the order in which they are numbered; nil for that of
  ///     the module.
  ///   - values: For parameters that have others.
  func loadGoldenFill(
    names: [String]? = nil, values: [String: Tensor] = [:], scale: Double = 0.4
  ) throws {
    let own = portedWeights.filter { $0.parameter != nil }.map(\.name)
    let names = names ?? own
    try #require(names.sorted() == own.sorted())
    var state: [String: Tensor] = [:]
    for weight in portedWeights {
      if let number = names.firstIndex(of: weight.name) {
        let isGate = weight.name.hasSuffix("gamma")
        state[weight.name] =
          values[weight.name]
          ?? (isGate
            ? Tensor(repeating: 0.5, shape: weight.shape) : GoldenFill.parameter(number, weight.shape, scale: scale))
      } else {
        state[weight.name] = weight.value
      }
    }
    try load { state[$0] }
  }
}
