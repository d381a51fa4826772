import Tensors
import TestSupport

@testable import NeuralNetworks

/// What the tests of modules in this folder have in common.
enum GeneralAttention {
  /// A module with the numbers that golden values are computed from, and what it gives with them.
  struct GoldenRun {
    let output: Tensor
    /// At each of the inputs.
    let inputGradients: [Tensor]
    /// At each of the module's weights, in the ports' order; where the axes are others, the elements are the same.
    let gradients: [Tensor]

    /// - Parameter module: Gets the golden numbers under the ports' names, in their order; statistics stay.
    init<Ported: PortedModule>(
      _ module: Ported, scale: Double = 0.4, at inputs: [Tensor],
      of function: (Ported, [Tensor]) -> Tensor
    ) throws {
      let weights = module.portedWeights
      var state: [String: Tensor] = [:]
      for (number, weight) in weights.enumerated() {
        state[weight.name] =
          weight.parameter == nil ? weight.value : GoldenFill.parameter(number, weight.shape, scale: scale)
      }
      try module.load { state[$0] }
      let sources = inputs.map { Parameter($0) } + weights.compactMap(\.parameter)
      var output: Tensor?
      let slopes = valueWithGradient(at: sources) {
        let found = function(module, sources.prefix(inputs.count).map(\.value))
        output = found.detached()
        let cotangent =
          found.rank == 4 ? GoldenFill.cotangent(ofFeatures: found.shape) : GoldenFill.cotangent(found.shape)
        return (found * cotangent).sum()
      }.gradient
      self.output = output!
      inputGradients = Array(slopes.prefix(inputs.count))
      gradients = Array(slopes.dropFirst(inputs.count))
    }

    /// The largest difference of the gradients' squares from those published, which may be fewer.
    func difference(fromSquares squares: [Double?]) -> Double {
      zip(gradients, squares).map { GoldenValue(squares: $1).difference(from: $0) }.max() ?? 0
    }
  }

  /// Gives each parameter numbers without symmetry.
  static func fill(_ module: any Module, scale: Double = 0.7) {
    for (number, parameter) in module.parameters.enumerated() {
      parameter.assign(.wave(parameter.shape, frequency: 1.1, phase: Double(number), scale: scale))
    }
  }

  /// The largest error of a layer's gradients at its inputs and all its parameters, and in `Double` of all gradients of
  /// these gradients, against finite differences.
  static func largestSlopeError(
    of module: any Module, at inputs: [Tensor], of function: ([Tensor]) -> Tensor
  ) -> Double {
    let arguments = inputs.map { Parameter($0) }
    let sources = arguments + module.parameters
    func loss() -> Tensor { weighted(function(arguments.map(\.value)), by: 1) }
    let first = GradientCheck.largestError(at: sources, of: loss)
    guard GradientCheck.isExact else { return first }
    let second = GradientCheck.largestError(at: sources) {
      let slopes = valueWithGradient(at: sources, in: loss).gradient
      return slopes.enumerated().map { weighted($1, by: 2 + $0) }.reduce(Tensor(0), +)
    }
    return max(first, second)
  }

  static func largestSlopeError(of layer: any Layer, at inputs: [Tensor]) -> Double {
    largestSlopeError(of: layer, at: inputs) { layer($0[0]) }
  }

  private static func weighted(_ x: Tensor, by frequency: Int) -> Tensor {
    (x * Tensor.wave(x.shape, frequency: 0.7 * Double(frequency), phase: 0.3)).sum()
  }
}
