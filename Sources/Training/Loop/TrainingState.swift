import InpaintingData
package import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The state of a training run, which checkpoints hold: networks, optimizers, moving averages, and counters.
package final class TrainingState {
  package let model: any InpaintingModel
  /// The networks, in the model's order.
  let networks: [TrainedNetwork]
  /// The phases of the run.
  private let phases: [RunPhase]
  /// The position of the current phase: that of the last step, or the first phase before any step.
  private var current = 0
  /// The number of steps so far.
  package internal(set) var step = 0
  /// The number of batches taken from the data loader so far.
  package internal(set) var batches = 0
  /// The ranks among which the optimizers' moments are sharded; nil if each rank has all moments.
  private var sharers: (any Communicator)?
  /// True during a step, when some parameters may have changed and others not.
  package internal(set) var isWithinStep = false

  /// Creates the model of a configuration, with optimizers and moving averages.
  ///
  /// - Parameters:
  ///   - initialWeights: Pretrained weights of the networks; nil for random initialization.
  ///   - isResumed: True if a checkpoint will be loaded: separate files of attention weights are not read then.
  ///   - console: Prints which of the parameters the initial weights contain.
  /// - Throws: `Failure` of the kind `configuration` if the model cannot be trained, or if something that it needs is
  ///   missing.
  package convenience init(
    _ configuration: TrainingConfiguration, initialWeights: LoadedModel? = nil, isResumed: Bool = false,
    console: Console = .standardError
  ) throws {
    let model = configuration.model.makeModel(seed: configuration.training.seed)
    try model.prepareForTraining()
    // Before moving averages are created, which start at the parameters.
    try initialWeights?.start(model, as: configuration, console: console)
    if !isResumed { try model.loadAttentionWeights() }
    self.init(model, phases: configuration.phases, averageDecay: configuration.training.averageDecay)
  }

  /// Creates the state before the first step.
  ///
  /// - Parameters:
  ///   - model: A model that is prepared for training.
  ///   - averageDecay: The decay of the moving averages of weights; nil for none.
  /// - Precondition: There is at least one phase, and the model has the networks of all phases.
  init(_ model: any InpaintingModel, phases: [RunPhase], averageDecay: Double?) {
    let names = model.networks.map(\.name)
    precondition(
      !phases.isEmpty && phases.allSatisfy { $0.phase.networks.allSatisfy(names.contains) },
      "TrainingState: expected phases that train some of \(names), found \(phases.map(\.phase.networks))")
    self.model = model
    self.phases = phases
    networks = model.networks.map { TrainedNetwork($0, averageDecay: averageDecay) }
    begin(0)
  }

  /// The buffers of the networks that the current phase trains.
  var buffers: [Buffer] { networks.filter(\.isTrained).flatMap(\.moduleBuffers) }

  /// The name of the current phase; nil if the run has one phase.
  package var phaseName: String? { phases.count > 1 ? phases[current].name : nil }

  /// The step at which the training of the current phase's networks began: the start of the earliest of the successive
  /// phases, up to the current one, that train exactly these networks.
  var stepsBeforeTheseNetworks: Int {
    let trained = Set(phases[current].phase.networks)
    let same = phases[...current].reversed().prefix { Set($0.phase.networks) == trained }
    return same.last?.steps.lowerBound ?? 0
  }

  /// Begins the phase of the next step, unless it is the current one.
  func enterPhaseOfNextStep() {
    let next = phases.position(ofStep: step)
    if next != current { begin(next) }
  }

  private func begin(_ position: Int) {
    current = position
    for network in networks { network.begin(phases[position].optimizers.first { $0.network == network.name }) }
    model.begin(phases[position].phase)
  }

  /// Loads a checkpoint.
  ///
  /// - Throws: `Failure` of the kind `data` if the checkpoint is of another model.
  func restore(from checkpoint: some SavedState) throws {
    begin(phaseOf: checkpoint.fields)
    for (index, network) in networks.enumerated() { try network.restore(from: checkpoint, index: index) }
    batches = checkpoint.fields.batches
  }

  /// Sets the step to that of a checkpoint, and begins the phase of the checkpoint.
  func begin(phaseOf fields: CheckpointFields) {
    step = fields.step
    begin(phases.position(ofStep: max(0, step - 1)))
  }

  /// Shards the optimizers' moments among ranks. Until then each rank has all moments.
  func divideOptimizers(among communicator: any Communicator) {
    guard communicator.count > 1 else { return }
    sharers = communicator
    for network in networks { network.divideOptimizer(among: communicator) }
  }

  /// True if the optimizers are sharded: a checkpoint then needs the moments of all ranks.
  var needsMomentsOfOthers: Bool { sharers != nil }

  /// Gathers sharded moments on rank 0 for a checkpoint: a collective call, made by all ranks whenever rank 0 may write a
  /// checkpoint.
  ///
  /// - Parameter isSaving: True if a checkpoint will be written; the value of rank 0 decides.
  /// - Throws: The `Failure` with which another rank has ended.
  func gatherMoments(isSaving: Bool = false) throws {
    guard let sharers, try sharers.broadcast({ [isSaving ? 1 : 0] }) == [1] else { return }
    for network in networks { try network.gatherMoments() }
  }

  /// Saves a checkpoint.
  ///
  /// - Parameters:
  ///   - configuration: The settings that determine the numbers of the run: `TrainingConfiguration.arithmetic`.
  ///   - pictures: The list of training pictures; nil for built-in ones.
  ///   - best: The step of the best checkpoint, which is not deleted; nil if none is kept.
  /// - Precondition: Sharded moments were gathered by `gatherMoments`.
  func save(in store: CheckpointStore, configuration: JSONValue, pictures: PictureList?, best: Int? = nil) throws {
    let fields = CheckpointFields(
      step: step, batches: batches, optimizerSteps: networks.map(\.optimizerSteps),
      averageUpdates: networks.map(\.averageUpdates), configuration: configuration.write(),
      pictures: pictures?.text)
    defer { for network in networks { network.releaseGatheredMoments() } }
    try store.save(networks.flatMap(\.tensors), fields: fields, best: best)
  }

  /// Runs `body` with the model in evaluation mode, and with the moving averages as parameters where there are any.
  func evaluating<Result>(_ body: (any InpaintingModel) throws -> Result) rethrows -> Result {
    try evaluating(networks[...], body)
  }

  private func evaluating<Result>(
    _ rest: ArraySlice<TrainedNetwork>, _ body: (any InpaintingModel) throws -> Result
  ) rethrows -> Result {
    guard let first = rest.first else { return try body(model) }
    return try first.evaluating { try evaluating(rest.dropFirst(), body) }
  }

  func network(named name: String) -> TrainedNetwork {
    guard let network = networks.first(where: { $0.name == name }) else {
      preconditionFailure("TrainingState: the model has no network \(name)")
    }
    return network
  }
}
