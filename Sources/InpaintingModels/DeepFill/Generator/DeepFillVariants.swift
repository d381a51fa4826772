import NeuralNetworks
import Tensors

// In what the authors' DeepFill networks and their public ports differ, whatever the version.

/// Where zeros go around pictures. Files of weights suit one only.
package enum DeepFillPadding: String, CaseIterable, Sendable {
  /// TensorFlow's `SAME`, as published.
  case same = "tensorflow_same"
  /// The same number on every side, as in PyTorch ports.
  case symmetric

  var rule: PaddingRule { self == .same ? .tensorflowSame : .symmetric }
}

/// Which pixel stands for several when features and holes become smaller.
package enum DeepFillNearest: String, CaseIterable, Sendable {
  /// As published: first and last pixels stay first and last.
  case alignCorners = "align_corners"
  /// The first of each group, as in PyTorch ports.
  case floor

  var rule: NearestRule { self == .alignCorners ? .alignCorners : .floor }
}

/// How holes come to the size at which attention looks at them, mostly an eighth.
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
