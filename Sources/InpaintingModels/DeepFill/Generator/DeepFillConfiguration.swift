import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The settings of the generator that the configurations of both DeepFill versions share.
protocol DeepFillConfiguration {
  /// The channels of features at full size, after gating; there are twice as many at half of the size, and four times
  /// as many at a quarter.
  var channels: Int { get }
  /// The initial values in the holes of the generator's input.
  var start: Start { get }
  /// The number of scales whose predictions are averaged at inference, 1 or 2: see `MultiScaleTest`.
  var testScales: Int { get }
  /// True if the generator has a first stage; without one, the initial fill replaces the coarse picture.
  var hasCoarseStage: Bool { get }
  /// The initialization of the filters of all convolutions but the last of a network.
  var filters: Initializer { get }
  var padding: DeepFillPadding { get }
  var nearest: DeepFillNearest { get }
  var holeReduction: HoleReduction { get }
  /// The attention layers of the second stage.
  var attention: [AttentionEntry] { get }
  var contextualAttention: ContextualAttention { get }
  /// True for activation checkpointing of the second stage's branches.
  var checkpointsActivations: Bool { get }
  /// True if the networks take an edge map inside the holes as a condition.
  var takesEdges: Bool { get }
  /// The inputs of the second stage.
  var refinementTakes: RefinementTakes { get }
}

extension DeepFillConfiguration {
  var hasCoarseStage: Bool { true }

  /// The input channels of the first stage: 3 for pictures, and one each for ones, holes and, with guidance, edges.
  var coarseInputs: Int { takesEdges ? 6 : 5 }

  var refinementInputs: Int {
    switch refinementTakes {
    case .pictures: 3
    case .holes: 5
    case .everything: coarseInputs
    }
  }

  /// The attention layers of the second stage, and all sites for attention; of several in one part, the first is the
  /// default.
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

  /// The published attention of the second stage: contextual attention in the parallel branch.
  static var publishedAttention: [AttentionEntry] { [.contextual(at: .parallel, scale: 4)] }
}

/// The number of which the pictures' height and width must be multiples: two layers have stride 2, and attention
/// downsamples by 2 again.
let deepFillSizeMultiple = 8

/// The second stage's input channels besides the coarse completed picture.
enum RefinementTakes {
  /// No further channels.
  case pictures
  /// Ones and holes.
  case holes
  /// All channels of a first stage, which this stage then replaces: ones, holes and, with guidance, edges.
  case everything
}

// Differences between the authors' DeepFill networks and the public ports, in both versions.

/// The zero padding of convolutions. Weights that were trained with one padding do not work with the other.
package enum DeepFillPadding: String, CaseIterable, Sendable {
  /// TensorFlow's `SAME`, as published.
  case same = "tensorflow_same"
  /// Equal padding on all sides, as in PyTorch ports.
  case symmetric

  var rule: PaddingRule { self == .same ? .tensorflowSame : .symmetric }
}

/// The rule of nearest-neighbor downsampling of features and holes.
package enum DeepFillNearest: String, CaseIterable, Sendable {
  /// Aligned corners, as published: the first and last pixels map to the first and last positions.
  case alignCorners = "align_corners"
  /// The first pixel of each group, as in PyTorch ports.
  case floor

  var rule: NearestRule { self == .alignCorners ? .alignCorners : .floor }
}

/// The initialization of the generator's filters.
package enum DeepFillInitialization: String, CaseIterable, Sendable {
  /// As published (Glorot and Bengio, 2010). Each ELU preserves about two thirds of the variance, each gate a sixth, so
  /// that a new network's output is nearly gray and training starts slowly.
  case glorotUniform = "glorot_uniform"
  /// A normal distribution whose standard deviation makes a layer preserve the mean square of its input.
  case variancePreserving = "variance_preserving"

  /// - Parameter gain: The variance-preserving standard deviation, times √fan-in.
  func rule(gain: Double) -> Initializer {
    self == .glorotUniform ? .glorotUniform : .kaimingNormal(.input, gain: gain)
  }
}

/// The downsampling of holes to the resolution of attention, usually an eighth of the pictures'.
package enum HoleReduction: String, CaseIterable, Sendable {
  /// In two steps, to twice that resolution and then by 2, as published.
  case twoSteps = "two_steps"
  /// In one step, as in PyTorch ports. With `DeepFillNearest.floor` both give the same result.
  case oneStep = "one_step"

  /// Downsamples holes: [batch, height, width, 1] becomes [batch, height / divisor, width / divisor, 1].
  func reduced(_ holes: Tensor, _ nearest: DeepFillNearest, by divisor: Int) -> Tensor {
    let (height, width) = (holes.shape[1], holes.shape[2])
    let steps = self == .twoSteps && divisor % 2 == 0 ? [divisor / 2, divisor] : [divisor]
    return steps.filter { $0 > 1 }.reduce(holes) { reduced, divisor in
      reduced.resizedNearest(height: height / divisor, width: width / divisor, rule: nearest.rule)
    }
  }
}
