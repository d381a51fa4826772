import Tensors
import TestSupport

@testable import NeuralNetworks

extension Module {
  /// Gives each parameter numbers without symmetry.
  func fillWithWaves(frequency: Double = 1.1, scale: Double = 0.7, offset: Double = 0) {
    for (number, parameter) in parameters.enumerated() {
      parameter.assign(
        .wave(parameter.shape, frequency: frequency, phase: Double(number), scale: scale, offset: offset))
    }
  }
}
