import Tensors
import TestSupport

@testable import NeuralNetworks

extension GradientCheck {
  /// The largest error of a module's gradient, and of that gradient's gradient, at its inputs and all its parameters
  /// together, those of several of them mixed too, against finite differences.
  ///
  /// - Parameters:
  ///   - samples: How many elements of each input and of each parameter are tried.
  ///   - order: 1 checks the gradient alone.
  ///   - function: What the module makes of the inputs.
  static func largestError(
    of module: any Module, at inputs: [Tensor], samples: Int = .max, order: Int = orderBesideKinks,
    function: ([Tensor]) -> Tensor
  ) -> Double {
    let arguments = inputs.map { Parameter($0) }
    let sources = arguments + module.parameters
    func scalar() -> Tensor { weighted([function(arguments.map(\.value))], frequency: 0.7) }
    let first = largestError(at: sources, samples: samples, of: scalar)
    guard order > 1 else { return first }
    let second = largestError(at: sources, samples: samples) {
      weighted(valueWithGradient(at: sources, in: scalar).gradient, frequency: 1.4)
    }
    return max(first, second)
  }

  static func largestError(
    of layer: some Layer, at x: Tensor, samples: Int = .max, order: Int = orderBesideKinks
  ) -> Double {
    largestError(of: layer, at: [x], samples: samples, order: order) { layer($0[0]) }
  }

  /// A sum in which every element of every tensor counts differently.
  private static func weighted(_ tensors: [Tensor], frequency: Double) -> Tensor {
    tensors.enumerated().reduce(Tensor(0)) { sum, item in
      sum + dot(item.element, .wave(item.element.shape, frequency: frequency, phase: 0.3 + Double(item.offset)))
    }
  }
}
