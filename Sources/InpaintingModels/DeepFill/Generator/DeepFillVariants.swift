import NeuralNetworks
import Tensors

// Differences between the authors' DeepFill networks and their public ports, whatever the version.

/// The sides on which zeros go around pictures. Files of weights suit one only.
package enum DeepFillPadding: String, CaseIterable, Sendable {
  /// TensorFlow's `SAME`, as published.
  case same = "tensorflow_same"
  /// The same number on every side, as in PyTorch ports.
  case symmetric

  var rule: PaddingRule { self == .same ? .tensorflowSame : .symmetric }
}

/// The pixel that stands for several when features and holes become smaller.
package enum DeepFillNearest: String, CaseIterable, Sendable {
  /// As published: first and last pixels stay first and last.
  case alignCorners = "align_corners"
  /// The first of each group, as in PyTorch ports.
  case floor

  var rule: NearestRule { self == .alignCorners ? .alignCorners : .floor }
}

/// The distribution of the generator's filters in a fresh model.
package enum DeepFillInitialization: String, CaseIterable, Sendable {
  /// As published (Glorot and Bengio, 2010). Each ELU lets about two thirds of the variance through, each gate a sixth, so
  /// that a fresh network's pictures are nearly gray and its first steps are slow.
  case glorotUniform = "glorot_uniform"
  /// Normal with a standard deviation with which a layer keeps the mean square of its input.
  case variancePreserving = "variance_preserving"

  /// - Parameter gain: The standard deviation that preserves the variance, times √fan-in.
  func rule(gain: Double) -> Initializer {
    self == .glorotUniform ? .glorotUniform : .kaimingNormal(.input, gain: gain)
  }
}

/// The way of holes to the size at which attention looks at them, mostly an eighth.
package enum HoleReduction: String, CaseIterable, Sendable {
  /// To twice that size first and then to the half of that, as published.
  case twoSteps = "two_steps"
  /// At once, as in PyTorch ports. With `DeepFillNearest.floor` both give the same.
  case oneStep = "one_step"

  /// Holes, [batch, height, width, 1], at a fraction of their height and width.
  func reduced(_ holes: Tensor, _ nearest: DeepFillNearest, by divisor: Int) -> Tensor {
    let (height, width) = (holes.shape[1], holes.shape[2])
    let steps = self == .twoSteps && divisor % 2 == 0 ? [divisor / 2, divisor] : [divisor]
    return steps.filter { $0 > 1 }.reduce(holes) { reduced, divisor in
      reduced.resizedNearest(height: height / divisor, width: width / divisor, rule: nearest.rule)
    }
  }
}
