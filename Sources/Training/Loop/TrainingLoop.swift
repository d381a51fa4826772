import InpaintingModels
import Support
import Tensors

/// The training loop: performs steps, and calls recorders after each of them.
///
/// It depends on no model and no file. The model defines its networks and the training step, the batch source loads data,
/// the communicator sums gradients over ranks, and recorders write metrics, samples and checkpoints.
package final class TrainingLoop {
  /// A loss or a gradient that is not finite. The optimizer step was not performed.
  package struct NotFinite: Error {
    /// The number of the step, from 1.
    package let step: Int
    /// The description, as in "the term `generator` is nan".
    package let finding: String
  }

  /// The reason that training ended before the last step.
  package enum Stop: Equatable {
    case signal(Int32)
    case timeIsUp
  }

  private let state: TrainingState
  private let source: BatchQueue
  /// The number of batches that a step takes: that of the last step, as all steps take equally many.
  private var batchesPerStep = 1
  private let communicator: any Communicator
  private let news: NewsExchange?
  private let recorders: [any Recorder]
  private let seed: UInt64
  private let leafCount: Int

  /// - Parameters:
  ///   - seed: The seed of the random numbers that steps draw.
  ///   - leafCount: The number of micro-batches (leaves) that a batch is divided into, as in gradient accumulation. The
  ///     batch size is a multiple of it.
  ///   - news: The exchange of messages between ranks after a step; nil for a single process.
  ///   - recorders: The recorders, in the order in which they are called.
  /// - Precondition: `leafCount` is at least the number of ranks.
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

  /// Trains until step `steps`, the time limit, or an interruption.
  ///
  /// - Parameters:
  ///   - steps: The total number of steps of the run, with those before it was resumed.
  ///   - timeLimit: The time after which no step begins; nil for no limit.
  /// - Returns: The reason that training ended early; nil if the last step was performed. An interruption after the last
  ///   step is returned, too.
  /// - Throws: `NotFinite`, and errors of the source and the recorders. Unless `state.isWithinStep`, the state is then that
  ///   between two steps, and can be saved.
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

  /// The reason to stop, the same on all ranks.
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
    try communicator.withBarrier { try source.fill(to: batchesPerStep) }
    state.isWithinStep = true
    // Here, not at the end of the step before: the checkpoint of a step belongs to the phase of that step.
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

  /// Performs an optimizer step, unless a loss or gradient is not finite, which would spread to all parameters.
  private func apply(_ update: NetworkUpdate) throws {
    let network = state.network(named: update.network)
    let finding =
      update.terms.first { !$0.value.isFinite }.map { "the term `\($0.name)` is \($0.value)" }
      ?? network.brokenGradient(update.gradients).map { "the gradient of \(network.name).\($0) is not finite" }
    if let finding { throw NotFinite(step: state.step + 1, finding: finding) }
    try network.update(update.gradients)
  }
}
