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
