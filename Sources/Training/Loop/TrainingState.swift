import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// A model in training: everything that changes, and that a checkpoint holds.
package final class TrainingState {
  package let model: any InpaintingModel
  /// The model's networks, in its order.
  let networks: [TrainedNetwork]
  /// Those of all networks.
  let buffers: [Buffer]
  /// The steps that were made.
  package internal(set) var step = 0
  /// The batches that were taken from the data.
  package internal(set) var batches = 0
  /// Whether a step has begun and not ended: some weights may have changed, and others not.
  package internal(set) var isWithinStep = false

  /// Makes a model with everything that training needs.
  ///
  /// - Parameters:
  ///   - initialWeights: What the networks start as, in place of fresh parameters.
  ///   - isResumed: Leaves out the weights of single attentions, which a checkpoint has.
  ///   - console: Is told what came from these weights and what did not.
  /// - Throws: `Failure` of the kind `configuration` if there can be no training, or for what is missing for it.
  package init(
    _ configuration: TrainingConfiguration, initialWeights: LoadedModel? = nil, isResumed: Bool = false,
    console: Console = .standardError
  ) throws {
    model = configuration.model.makeModel(seed: configuration.training.seed)
    try model.prepareForTraining()
    // Before anything is made of the parameters: moving averages start at them.
    try initialWeights?.start(model, as: configuration, console: console)
    if !isResumed { try model.loadAttentionWeights() }
    networks = configuration.trainedNetworks(of: model)
    buffers = networks.flatMap(\.moduleBuffers)
  }

  /// Goes back to where a checkpoint was written.
  ///
  /// - Throws: `Failure` of the kind `data` if it is of another model.
  func restore(from checkpoint: LoadedCheckpoint) throws {
    for (index, network) in networks.enumerated() { try network.restore(from: checkpoint, index: index) }
    step = checkpoint.fields.step
    batches = checkpoint.fields.batches
  }

  /// Writes everything into a store.
  ///
  /// - Parameters:
  ///   - configuration: What its numbers depend on, as `TrainingConfiguration.arithmetic`.
  ///   - pictures: The pictures that it is trained on, if they are files.
  ///   - best: The step of the best checkpoint, which stays; nil if none is kept.
  func save(in store: CheckpointStore, configuration: JSONValue, pictures: PictureList?, best: Int? = nil) throws {
    let fields = CheckpointFields(
      step: step, batches: batches, optimizerSteps: networks.map(\.optimizerSteps),
      averageUpdates: networks.map(\.averageUpdates), configuration: configuration.write(),
      pictures: pictures?.text)
    try store.save(networks.flatMap(\.tensors), fields: fields, best: best)
  }

  /// The model as it fills pictures now: with averaged parameters, if there is an average, in evaluation mode.
  func evaluating<Result>(_ body: (any InpaintingModel) throws -> Result) rethrows -> Result {
    try networks[0].evaluating { try body(model) }
  }

  func network(named name: String) -> TrainedNetwork {
    guard let network = networks.first(where: { $0.name == name }) else {
      preconditionFailure("TrainingState: the model has no network \(name)")
    }
    return network
  }
}
