import InpaintingData
package import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// A model in training: everything that changes, and that a checkpoint holds.
package final class TrainingState {
  package let model: any InpaintingModel
  /// The model's networks, in its order.
  let networks: [TrainedNetwork]
  /// The phases of the run.
  private let phases: [RunPhase]
  /// The position of the phase of the last step; before the first step, that of its own.
  private var current = 0
  /// The steps that were made.
  package internal(set) var step = 0
  /// The batches that were taken from the data.
  package internal(set) var batches = 0
  /// The processes among which the optimizers' moments are divided; nil if each has all.
  private var sharers: (any Communicator)?
  /// True if a step has begun and not ended: some weights may have changed, and others not.
  package internal(set) var isWithinStep = false

  /// Makes a model with everything that training needs.
  ///
  /// - Parameters:
  ///   - initialWeights: What the networks start as, in place of fresh parameters.
  ///   - isResumed: Leaves out the weights of single attentions, which a checkpoint has.
  ///   - console: Is told what came from these weights and what did not.
  /// - Throws: `Failure` of the kind `configuration` if there can be no training, or for what is missing for it.
  package convenience init(
    _ configuration: TrainingConfiguration, initialWeights: LoadedModel? = nil, isResumed: Bool = false,
    console: Console = .standardError
  ) throws {
    let model = configuration.model.makeModel(seed: configuration.training.seed)
    try model.prepareForTraining()
    // Before anything is made of the parameters: moving averages start at them.
    try initialWeights?.start(model, as: configuration, console: console)
    if !isResumed { try model.loadAttentionWeights() }
    self.init(model, phases: configuration.phases, averageDecay: configuration.training.averageDecay)
  }

  /// The state before the first step of a model that is prepared for training.
  ///
  /// - Precondition: There is a phase, and the model has the networks of all phases.
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

  /// The buffers of the networks that are trained now.
  var buffers: [Buffer] { networks.filter(\.isTrained).flatMap(\.moduleBuffers) }

  /// The name of the phase of the last step, if there are several phases.
  package var phaseName: String? { phases.count > 1 ? phases[current].name : nil }

  /// The steps that were made before the same networks were trained as now.
  var stepsBeforeTheseNetworks: Int {
    let trained = Set(phases[current].phase.networks)
    let same = phases[...current].reversed().prefix { Set($0.phase.networks) == trained }
    return same.last?.steps.lowerBound ?? 0
  }

  /// Goes over to the phase of the next step, if that is another one.
  func enterPhaseOfNextStep() {
    let next = phases.position(ofStep: step)
    if next != current { begin(next) }
  }

  private func begin(_ position: Int) {
    current = position
    for network in networks { network.begin(phases[position].optimizers.first { $0.network == network.name }) }
    model.begin(phases[position].phase)
  }

  /// Goes back to where a checkpoint was written.
  ///
  /// - Throws: `Failure` of the kind `data` if it is of another model.
  func restore(from checkpoint: some SavedState) throws {
    begin(phaseOf: checkpoint.fields)
    for (index, network) in networks.enumerated() { try network.restore(from: checkpoint, index: index) }
    batches = checkpoint.fields.batches
  }

  /// Takes the step of what is gone back to, and begins its phase.
  func begin(phaseOf fields: CheckpointFields) {
    step = fields.step
    begin(phases.position(ofStep: max(0, step - 1)))
  }

  /// Divides the optimizers' moments among processes, which all have all of them until then.
  func divideOptimizers(among communicator: any Communicator) {
    guard communicator.count > 1 else { return }
    sharers = communicator
    for network in networks { network.divideOptimizer(among: communicator) }
  }

  /// True if a checkpoint takes moments that other processes have, which all of them have to give.
  var needsMomentsOfOthers: Bool { sharers != nil }

  /// Gives the first process what others have of a checkpoint. All come here whenever the first may write one.
  ///
  /// - Parameter isSaving: Whether it will; that of the others does not count.
  /// - Throws: The `Failure` of a process that gave up.
  func gatherMoments(isSaving: Bool = false) throws {
    guard let sharers, try sharers.fromFirst({ [isSaving ? 1 : 0] }) == [1] else { return }
    for network in networks { try network.gatherMoments() }
  }

  /// Writes everything into a store.
  ///
  /// - Parameters:
  ///   - configuration: What its numbers depend on, as `TrainingConfiguration.arithmetic`.
  ///   - pictures: The pictures that it is trained on, if they are files.
  ///   - best: The step of the best checkpoint, which stays; nil if none is kept.
  /// - Precondition: Moments that others have were gathered.
  func save(in store: CheckpointStore, configuration: JSONValue, pictures: PictureList?, best: Int? = nil) throws {
    let fields = CheckpointFields(
      step: step, batches: batches, optimizerSteps: networks.map(\.optimizerSteps),
      averageUpdates: networks.map(\.averageUpdates), configuration: configuration.write(),
      pictures: pictures?.text)
    defer { for network in networks { network.releaseGatheredMoments() } }
    try store.save(networks.flatMap(\.tensors), fields: fields, best: best)
  }

  /// The model as it fills pictures now: with averaged parameters, where there are averages, in evaluation mode.
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
