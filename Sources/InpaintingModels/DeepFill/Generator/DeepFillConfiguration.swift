import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The facts about a generator that both versions' configurations know, each with its own numbers.
protocol DeepFillConfiguration {
  /// The channels of features at the pictures' full size, after gates; there are twice as many at half of the size, and
  /// four times as many at a quarter.
  var channels: Int { get }
  /// The pixels in the holes that the generator begins with.
  var start: Start { get }
  /// The number of scales whose last stages are averaged when pictures are filled, 1 or 2: `MultiScaleTest`.
  var testScales: Int { get }
  /// True if the generator has a first stage; without one, the start is the second stage's coarse picture.
  var hasCoarseStage: Bool { get }
  /// The rule for the filters of all convolutions that make features.
  var filters: Initializer { get }
  var padding: DeepFillPadding { get }
  var nearest: DeepFillNearest { get }
  var holeReduction: HoleReduction { get }
  /// The second stage's attention.
  var attention: [AttentionEntry] { get }
  var contextualAttention: ContextualAttention { get }
  /// True if the second stage's branches are computed once more on the way back instead of being kept.
  var checkpointsActivations: Bool { get }
  /// True if the networks take edges to follow inside the holes.
  var guidance: Bool { get }
  /// The inputs of the second stage.
  var refinementTakes: RefinementTakes { get }
}

extension DeepFillConfiguration {
  var hasCoarseStage: Bool { true }

  /// Pictures, ones, holes and perhaps edges.
  var coarseInputs: Int { guidance ? 6 : 5 }

  var refinementInputs: Int {
    switch refinementTakes {
    case .pictures: 3
    case .holes: 5
    case .everything: coarseInputs
    }
  }

  /// The attention of the second stage, with all sites; of several in one part, the first is usual.
  var attentionPlan: AttentionPlan {
    let (quarter, half, full) = (4 * channels, 2 * channels, channels)
    return AttentionPlan(
      attention,
      sites: [
        AttentionSite(.bottleneck, scale: 4, channels: quarter, sizeMultiple: 2),
        AttentionSite(.parallel, scale: 4, channels: quarter, sizeMultiple: 2),
        AttentionSite(.decoder, scale: 4, channels: quarter, sizeMultiple: 2),
        AttentionSite(.decoder, scale: 2, channels: half, sizeMultiple: 4),
        AttentionSite(.decoder, scale: 1, channels: full / 2, sizeMultiple: 8),
        AttentionSite(.skip, scale: 4, channels: quarter, sizeMultiple: 2, isAdded: true),
        AttentionSite(.skip, scale: 2, channels: half, sizeMultiple: 4, isAdded: true),
        AttentionSite(.skip, scale: 1, channels: full, sizeMultiple: 8, isAdded: true),
      ])
  }

  /// Reads the key `attention`.
  func readAttention(_ model: JSONReader, pictureSize: Int?) throws -> [AttentionEntry] {
    try [AttentionEntry](
      model, sites: attentionPlan.sites, usual: [["at": "parallel", "kind": "contextual"]], pictureSize: pictureSize)
  }

  /// The second stage's attention as published.
  static var publishedAttention: [AttentionEntry] { [.contextual(at: .parallel, scale: 4)] }
}

/// The divisor of heights and widths: attention halves what two strides have left.
let deepFillSizeMultiple = 8

/// The inputs of the second stage beside the picture with the coarse one in its holes.
enum RefinementTakes {
  /// None.
  case pictures
  /// Ones and holes.
  case holes
  /// Those of the first stage, in whose place it is: edges too, if there are any.
  case everything
}

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
