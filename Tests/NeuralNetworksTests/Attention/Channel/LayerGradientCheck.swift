import Tensors
import TestSupport

@testable import NeuralNetworks

extension GradientCheck {
  /// The largest error of a layer's gradient, and of that gradient's gradient, at its input and all its parameters
  /// together, which get new values first.
  ///
  /// - Parameter samples: How many elements of the input and of each parameter are tried.
  static func largestError(
    ofLayer layer: some Layer, at x: Tensor, samples: Int = .max, order: Int = orderBesideKinks
  ) -> Double {
    for (number, parameter) in layer.parameters.enumerated() {
      parameter.assign(.wave(parameter.shape, frequency: 1.7, phase: Double(number), scale: 0.6, offset: 0.3))
    }
    let sources = [Parameter(x)] + layer.parameters
    let scalar = {
      let y = layer(sources[0].value)
      return dot(y, .wave(y.shape, frequency: 0.7, phase: 0.3))
    }
    let error = largestError(at: sources, samples: samples, of: scalar)
    guard order > 1 else { return error }
    let slope = {
      let slopes = valueWithGradient(at: sources, in: scalar).gradient
      let products = slopes.enumerated().map { dot($1, .wave($1.shape, frequency: 1.4, phase: Double($0))) }
      return products.dropFirst().reduce(products[0], +)
    }
    return max(error, largestError(at: sources, samples: samples, of: slope))
  }
}
