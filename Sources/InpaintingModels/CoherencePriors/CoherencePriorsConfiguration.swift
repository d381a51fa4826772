package import Imaging
package import InpaintingData
package import NeuralNetworks
import Support

/// The part that the confidence of a label map plays for the scale after it (after SGE-Net, Liao et al., 2020).
package enum SegmentationConfidence: String, CaseIterable, Sendable {
  /// Nothing: features are not guided by labels.
  case none
  /// Labels guide features by SPADE, each times its probability.
  case soft
  /// The same, with labels of a probability above a half alone.
  case hard
}

/// The configuration of inpainting with coherence priors.
package struct CoherencePriorsConfiguration: ModelConfiguration, Equatable {
  /// The channels of the encoder's features at half of the size; all others follow. A multiple of 8.
  package var width = 64
  /// The channels of the critics' first convolutions; all others follow.
  package var discriminatorWidth = 64
  package var convolution = ConvolutionType.plain
  package var initialization = DeepFillInitialization.variancePreserving
  /// The pixels in the holes of what the encoder sees. Partial convolutions look at none there, whatever the start.
  package var start = Start.published
  /// The classes of the label maps; nil leaves out the heads that predict them, and takes all pixels for one class.
  package var classes: LabelClasses?
  /// The scales behind which features are propagated within their classes, as powers of two: 3 is an eighth of the size.
  package var propagatedScales: Set<Int> = [3, 2]
  package var confidence = SegmentationConfidence.none
  /// The channels of the convolution that scales and shifts share where labels guide features.
  package var spadeHidden = 128
  package var losses = Losses()

  /// The weights of the terms that the generator minimizes, and the forms that they have.
  package struct Losses: Hashable, Sendable {
    /// Of the mean over the scales of the errors.
    package var reconstruction = 1.0
    /// Of errors at missing pixels within that.
    package var hole = 6.0
    /// Of errors at known pixels within that.
    package var known = 1.0
    /// Divides the sums of errors by the pixels that they are of, and not by all.
    package var normalizesAreas = false
    /// Of the mean over the scales of the cross-entropy of labels.
    package var segmentation = 0.5
    /// Of the discriminator's judgment of the completed pictures.
    package var adversarial = 0.1
    /// Of the critic's judgment of pictures beside their label maps.
    package var structureCoherence = 0.1
    /// Of the distance of textures class by class; its usual value depends on where features come from.
    package var textureCoherence = 10.0
    package var textureReference = TextureReference.original
    /// The network whose features have the textures; without weights it is the discriminator.
    var features = PerceptualTerm()

    package init() {}
  }

  package init() {}

  package static let sizeMultiple = 8
  package var sizeMultiple: Int { Self.sizeMultiple }

  package var conditions: [Condition] {
    start.conditions + (classes.map { [.labels($0), .requestedLabels($0)] } ?? [])
  }

  package var networkNames: [String] {
    ["generator", "discriminator"] + (classes == nil ? [] : ["structure_critic"])
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { CoherencePriors(self, seed: seed) }

  /// √2 / √(1 + 0.2²) / √fan-in is the standard deviation with which a leaky ReLU of that slope keeps the mean square.
  var filters: Initializer { initialization.rule(gain: 1.387) }
}
