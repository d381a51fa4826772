import Imaging
import InpaintingData
import NeuralNetworks
import Support

/// The configuration of inpainting with semantic guidance, first stage.
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
  package var losses = Losses()

  /// The weights of the terms that the generator minimizes.
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

  package var networkNames: [String] { ["generator", "discriminator"] }
  package var sizeMultiple: Int { deepFillSizeMultiple }
  package var conditions: [Condition] { classes.map { [.labels($0)] } ?? [] }

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
