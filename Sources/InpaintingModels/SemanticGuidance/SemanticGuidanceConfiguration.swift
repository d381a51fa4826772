package import Imaging
package import InpaintingData
package import NeuralNetworks
import Support

/// The configuration of inpainting with semantic guidance.
package struct SemanticGuidanceConfiguration: ModelConfiguration, Equatable {
  /// The bound of the coarse pictures to −1...1.
  package enum Output: String, CaseIterable, Sendable {
    /// The last convolution's output cut off, as published: it has no slope outside.
    case clamp
    case tanh
  }

  /// The form of both networks' adversarial terms.
  package enum AdversarialLoss: String, CaseIterable, Sendable {
    case hinge
    case leastSquares = "lsgan"
  }

  /// The number of channels of the generator's first convolution; all others follow. Even.
  package var width = 32
  /// The number of channels of the discriminator's first convolution; all others follow.
  package var discriminatorWidth = 64
  /// The height and width of the pictures that it is trained on: external spatial attention is made for one size.
  package var pictureSize = 256
  package var output = Output.clamp
  package var initialization = DeepFillInitialization.glorotUniform
  /// The attention of the generator.
  package var attention = [AttentionEntry.externalSpatial(at: .parallel, scale: 4, pictureSize: 256)]
  /// The classes of the label map; nil leaves out the label head.
  package var classes: LabelClasses?
  /// The second stage, which fills by a label map; nil leaves it out.
  package var decoder: Decoder?
  package var losses = Losses()

  /// The settings of the second stage, which needs classes.
  package struct Decoder: Hashable, Sendable {
    /// The channels of the convolution that a block's scales and shifts share.
    package var hidden = 128
    /// The samples over which features are normalized.
    package var norm = SPADE.Norm.instance
    /// The number of channels of its discriminator's first convolutions; all others follow.
    package var discriminatorWidth = 64
    /// The part of the training samples whose holes are filled by the predicted labels, in 0...1; the others' by the true
    /// ones.
    package var predictedLabels = 0.3
    /// The part of the training samples whose holes are to show one class of the picture alone, as somebody might paint it.
    package var editedLabels = 0.0
    package var losses = Losses()
    /// The network of the perceptual term, and its weights.
    var features = PerceptualTerm()

    /// The weights of the terms that the second stage minimizes.
    package struct Losses: Hashable, Sendable {
      /// Of the mean absolute error of all pixels.
      package var fine = 1.0
      /// Of its discriminator's judgment of the completed pictures, by the hinge.
      package var adversarial = 1.0
      /// Of the distance of the discriminator's features from those of the originals.
      package var featureMatching = 10.0
      /// Of the cross-entropy, at missing pixels, of the labels that the first stage predicts for the completed pictures
      /// against those that were followed: what is asked for must be seen.
      package var labelConsistency = 0.0
      /// Of the distance of another network's features, which needs its weights.
      package var perceptual = 0.0

      /// True if there is a term for which the discriminator must learn.
      var usesDiscriminator: Bool { adversarial > 0 || featureMatching > 0 }
    }

    package init() {}
  }

  /// The weights of the terms that the first stage minimizes.
  package struct Losses: Hashable, Sendable {
    /// Of the mean absolute error at missing pixels.
    package var hole = 6.0
    /// Of the mean absolute error at known pixels.
    package var known = 1.0
    /// Of the discriminator's judgment of the completed pictures.
    package var adversarial = 0.1
    package var adversarialLoss = AdversarialLoss.hinge
    /// Of the cross-entropy of the predicted labels, if there are classes.
    package var segmentation = 0.5
    /// The factors of the pixels of each class in the cross-entropy; nil if all count the same.
    package var classWeights: [Double]?

    package init() {}
  }

  /// The published network, without a label head.
  package init() {}

  package var sizeMultiple: Int { deepFillSizeMultiple }
  package var conditions: [Condition] {
    guard let classes else { return [] }
    return [.labels(classes)] + (decoder == nil ? [] : [.requestedLabels(classes)])
  }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.pictureSize = size
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { SemanticGuidance(self, seed: seed) }

  /// 1.25 / √fan-in is the standard deviation with which ELU keeps the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 1.25) }
}
