import InpaintingModels
import Support
import Tensors

/// Trains a model, step after step, and tells recorders what happened.
///
/// It knows no model and no file: a model says what its networks are and what a step does, a source has the batches, a
/// communicator adds what several processes computed, and whatever is written is written by recorders.
package final class TrainingLoop {
  /// A loss or a gradient was not finite. No weight was changed by it.
  package struct NotFinite: Error {
    /// The number of the step, from 1.
    package let step: Int
    /// The finding, as in "the term `generator` is nan".
    package let finding: String
  }

  /// The reason for which training ends before the last step.
  package enum Stop: Equatable {
    case signal(Int32)
    case timeIsUp
  }

  private let state: TrainingState
  private let source: BatchQueue
  /// The batches that a step takes: what the last one took, for all take as many.
  private var batchesPerStep = 1
  private let communicator: any Communicator
  private let news: NewsExchange?
  private let recorders: [any Recorder]
  private let seed: UInt64
  private let leafCount: Int

  /// - Parameters:
  ///   - seed: The key of the random numbers that steps draw.
  ///   - leafCount: Into how many leaves a batch is divided; its number of samples is a multiple.
  ///   - news: What processes tell each other after a step; nil if there is one process.
  ///   - recorders: In the order in which they are told.
  /// - Precondition: There is a leaf at least for every process.
  init(
    _ state: TrainingState, source: any BatchSource, seed: UInt64, leafCount: Int = 1,
    communicator: any Communicator = SingleProcess(), news: NewsExchange? = nil, recorders: [any Recorder] = []
  ) {
    precondition(
      leafCount >= communicator.count, "TrainingLoop: \(leafCount) leaves for \(communicator.count) processes")
    self.state = state
    self.source = BatchQueue(source)
    self.seed = seed
    self.leafCount = leafCount
    self.communicator = communicator
    self.news = news
    self.recorders = recorders
  }

  /// Trains until so many steps were made, the time is up, or an interruption.
  ///
  /// - Parameter timeLimit: The time after which no step begins; nil if there is none.
  /// - Returns: The reason if it ended before the last step.
  /// - Throws: `NotFinite`, and what the source and the recorders throw. The state is that between two steps then, and may
  ///   be saved, unless `state.isWithinStep`.
  package func run(
    until steps: Int, timeLimit: Duration? = nil, interruption: Interruption = Interruption()
  ) throws -> Stop? {
    let start = ContinuousClock.now
    for recorder in recorders { try recorder.runBegan(state) }
    var stop = try agreedStop(timeLimit, since: start, interruption)
    while state.step < steps && stop == nil {
      for recorder in recorders { recorder.stepBegan() }
      var report = try step()
      if let news { (report.waits, report.exchanged) = try news.exchange() }
      for recorder in recorders { try recorder.stepEnded(&report, state) }
      stop = try agreedStop(timeLimit, since: start, interruption)
    }
    for recorder in recorders { try recorder.runEnded(state) }
    return state.step < steps || stop != .timeIsUp ? stop : nil
  }

  /// The reason to stop on which all processes agree.
  private func agreedStop(
    _ timeLimit: Duration?, since start: ContinuousClock.Instant, _ interruption: Interruption
  ) throws -> Stop? {
    let isTimeUp = timeLimit.map { ContinuousClock.now - start >= $0 } ?? false
    // No signal has the number −1.
    let own = interruption.requested ?? (isTimeUp ? -1 : nil)
    return try communicator.agreed(onSignal: own).map { $0 == -1 ? .timeIsUp : .signal($0) }
  }

  private func step() throws -> StepReport {
    let start = ContinuousClock.now
    try communicator.together { try source.fill(to: batchesPerStep) }
    state.isWithinStep = true
    // A checkpoint of this step would be one of the phase before.
    state.enterPhaseOfNextStep()
    let step = LeafwiseStep(
      randomness: StepRandomness(seed: seed, step: state.step), leafCount: leafCount, source: source,
      communicator: communicator, buffers: state.buffers, apply: apply)
    try state.model.trainingStep(step)
    state.isWithinStep = false
    batchesPerStep = step.batches
    var report = step.report
    report.phase = state.phaseName
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    state.step += 1
    state.batches += step.batches
    return report
  }

  /// Changes a network, unless the optimizer would spread over all its parameters what is not finite.
  private func apply(_ update: NetworkUpdate) throws {
    let network = state.network(named: update.network)
    let finding =
      update.terms.first { !$0.value.isFinite }.map { "the term `\($0.name)` is \($0.value)" }
      ?? network.brokenGradient(update.gradients).map { "the gradient of \(network.name).\($0) is not finite" }
    if let finding { throw NotFinite(step: state.step + 1, finding: finding) }
    try network.update(update.gradients)
  }
}
