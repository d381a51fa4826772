import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

/// A module with the parameters that published golden values are computed from.
struct GoldenModule<Attention: AttentionLayer & PortedModule> {
  let module: Attention

  /// - Parameter names: The port's names of the parameters, in the order in which they are numbered; nil for that of the
  ///   module. Buffers stay as they are.
  init(_ module: Attention, names: [String]? = nil) throws {
    self.module = module
    let own = module.portedWeights
    let names = names ?? own.filter { $0.parameter != nil }.map(\.name)
    try #require(names.sorted() == own.filter { $0.parameter != nil }.map(\.name).sorted())
    try module.load { name in
      let weight = own.first { $0.name == name }
      return names.firstIndex(of: name).map { GoldenFill.parameter($0, weight?.shape ?? []) } ?? weight?.value
    }
  }

  /// The largest relative difference from what is published of the output for `x`, the gradient at `x` and the squares of
  /// the gradients at some parameters.
  func difference(
    at x: Tensor, output: GoldenValue, slope: GoldenValue, squares: [(name: String, value: Double)] = []
  ) throws -> Double {
    let input = Parameter(x)
    let parameters = try squares.map { wanted in
      try #require(module.portedWeights.first { $0.name == wanted.name }?.parameter)
    }
    var found = Tensor(0)
    let slopes = valueWithGradient(at: [input] + parameters) {
      let result = module(input.value)
      found = result.detached()
      return dot(result, GoldenFill.cotangent(ofFeatures: result.shape))
    }.gradient
    let others = zip(squares, slopes.dropFirst()).map { GoldenValue(squares: $0.value).difference(from: $1) }
    return max(
      output.difference(fromFeatures: found), slope.difference(fromFeatures: slopes[0]), others.max() ?? 0)
  }
}
