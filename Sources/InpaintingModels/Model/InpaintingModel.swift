package import InpaintingData
package import NeuralNetworks
package import Tensors

/// An inpainting model: networks, their forward pass and their training step.
///
/// A model computes losses and gradients. The trainer loads batches, checks that numbers are finite, runs the
/// optimizers and moving averages, logs, and saves checkpoints.
package protocol InpaintingModel: AnyObject {
  /// The networks that are optimized, averaged and saved, under distinct names.
  var networks: [Network] { get }

  /// The number of which the pictures' height and width must be multiples.
  var sizeMultiple: Int { get }

  /// The conditions that a batch must have beside pictures and holes, such as edges.
  var conditions: [Condition] { get }

  /// Loads what only training needs, such as the fixed network of a perceptual loss. Call it before the first training
  /// step; inference does not need it.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the configuration names no file for such a network, or of
  ///   another kind if the file cannot be read.
  func prepareForTraining() throws

  /// Begins a training phase, whose steps update the networks that the phase names and no others. The trainer calls it
  /// before the first step of a phase, and again when a run resumes within a phase. Frozen networks are in evaluation
  /// mode.
  func begin(_ phase: TrainingPhase)

  /// Performs one training step, which is one or several updates of networks.
  ///
  /// - Throws: Only what `step` throws.
  func trainingStep(_ step: some TrainingStep) throws

  /// The forward pass. The networks stay in training or evaluation mode: for inference, call `setTraining(false)` on
  /// them before.
  func fill(_ batch: InpaintingBatch) -> Prediction
}

extension InpaintingModel {
  package func prepareForTraining() throws {}

  package func begin(_ phase: TrainingPhase) {}

  package var conditions: [Condition] { [] }

  /// The forward pass for examples, which must all have one size, a multiple of `sizeMultiple`.
  package func fill(_ examples: [Example]) -> Prediction { fill(InpaintingBatch(examples, conditions: conditions)) }
}

/// A network of a model, with its own optimizer.
package struct Network {
  /// The name in configurations and checkpoints, such as `generator` or `discriminator`.
  package let name: String
  package let module: any Module
  /// True if inference uses the exponential moving average of the parameters, provided that the run keeps one.
  package let isAveraged: Bool

  package init(_ name: String, _ module: any Module, isAveraged: Bool = false) {
    self.name = name
    self.module = module
    self.isAveraged = isAveraged
  }
}

/// A part of a training run that updates some of a model's networks.
package struct TrainingPhase: Hashable, Sendable {
  /// The name in configurations.
  package let name: String
  /// The names of the networks that the phase updates; all others are frozen.
  package let networks: [String]

  package init(name: String, networks: [String]) {
    self.name = name
    self.networks = networks
  }
}

/// The gradients of a network's loss, for a leaf (micro-batch) or averaged over a whole step.
package struct NetworkUpdate: Sendable {
  /// The name of the network.
  package let network: String
  /// The gradients of the network's loss, in the order and shapes of its module's `parameters`.
  package let gradients: [Tensor]
  /// The numbers to log, in order.
  package let terms: [LossTerm]

  package init(network: String, gradients: [Tensor], terms: [LossTerm]) {
    self.network = network
    self.gradients = gradients
    self.terms = terms
  }
}

/// A named number to log: a loss, a term of a loss before weighting, or a mean score of a discriminator.
package struct LossTerm: Hashable, Sendable {
  package let name: String
  package let value: Scalar

  package init(_ name: String, _ value: Scalar) {
    self.name = name
    self.value = value
  }

  /// - Parameter value: A tensor with one element.
  package init(_ name: String, _ value: Tensor) { self.init(name, value.scalar) }
}
