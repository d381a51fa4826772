package import InpaintingData
package import NeuralNetworks
package import Tensors

/// All that a trainer, a checkpoint or a command needs to know of a model.
///
/// A model does the arithmetic of a training step and nothing else. Who trains it draws the batches, checks that numbers
/// are finite, applies the optimizers, averages, logs and saves.
package protocol InpaintingModel: AnyObject {
  /// The parts that are optimized, averaged and saved, each under its own name.
  var networks: [Network] { get }

  /// Heights and widths of pictures must be multiples of this.
  var sizeMultiple: Int { get }

  /// The conditions that the model takes beside the picture and its hole: batches must have these.
  var conditions: [Condition] { get }

  /// Gets what training needs beside the networks, such as a fixed network that judges pictures. To be called before the
  /// first step; whoever only fills holes needs none of it.
  ///
  /// - Throws: `Failure` of the kind `configuration` if it is not named, or of another kind if it cannot be read.
  func prepareForTraining() throws

  /// Begins a phase of training: its steps update the networks that it names, and no others. Called before the first step
  /// of a phase, and again after a resume in the midst of one. Frozen networks are in evaluation mode.
  func begin(_ phase: TrainingPhase)

  /// One step of training, of one or several updates.
  ///
  /// - Throws: Only what `step` throws.
  func trainingStep(_ step: some TrainingStep) throws

  /// Fills holes. The networks are used as they are: call `setTraining(false)` on them before, where it matters.
  func fill(_ batch: InpaintingBatch) -> Filling
}

extension InpaintingModel {
  package func prepareForTraining() throws {}

  package func begin(_ phase: TrainingPhase) {}

  package var conditions: [Condition] { [] }

  /// Fills the holes of examples, all of one size that is a multiple of `sizeMultiple`.
  package func fill(_ examples: [Example]) -> Filling { fill(InpaintingBatch(examples, conditions: conditions)) }
}

/// A network of a model that has an optimizer of its own.
package struct Network {
  /// Its name in configurations and checkpoints: `generator`, `discriminator`.
  package let name: String
  package let module: any Module
  /// True if pictures are filled with the moving average of its parameters, where a run keeps one.
  package let isAveraged: Bool

  package init(_ name: String, _ module: any Module, isAveraged: Bool = false) {
    self.name = name
    self.module = module
    self.isAveraged = isAveraged
  }
}

/// A part of a training run that changes some of a model's networks.
package struct TrainingPhase: Hashable, Sendable {
  /// Its name in configurations.
  package let name: String
  /// The names of the networks that it changes; all others are frozen.
  package let networks: [String]

  package init(name: String, networks: [String]) {
    self.name = name
    self.networks = networks
  }
}

/// The gradients that change a network, of a leaf or of a whole step.
package struct NetworkUpdate: Sendable {
  /// The name of one of the model's networks.
  package let network: String
  /// The gradients of what the network minimizes, in the order of its module's `parameters`.
  package let gradients: [Tensor]
  /// Numbers to log, in this order.
  package let terms: [LossTerm]

  package init(network: String, gradients: [Tensor], terms: [LossTerm]) {
    self.network = network
    self.gradients = gradients
    self.terms = terms
  }
}

/// A number to log: a loss, one of its terms before weighting, or a mean score.
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
