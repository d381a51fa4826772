import InpaintingData
package import InpaintingModels
import Kernels
import NeuralNetworks
import Support

/// A training run, new or resumed: the training loop of a configuration with its data, validation, checkpoints and logs in
/// a run directory.
package final class TrainingRun {
  /// The reason that `run()` returned.
  package enum Outcome: Equatable {
    /// The last step is done.
    case finished
    /// Stopped by a signal with this number, after the current step was completed and a checkpoint saved.
    case interrupted(Int32)
    /// Stopped by the time limit, after the current step was completed and a checkpoint saved.
    case timeIsUp
  }

  private let configuration: TrainingConfiguration
  private let directory: RunDirectory
  private let communicator: any Communicator
  private let console: Console
  private let interruption: Interruption
  private let state: TrainingState
  private let loader: BatchLoader
  private let store: CheckpointStore
  private let validation: ValidationRecorder?
  /// The files of the run on rank 0; nil on other ranks.
  private let records: RunRecords?
  private let loop: TrainingLoop
  private let hasInitialWeights: Bool
  private let timeLimit: Duration?

  /// Prepares a run: a collective call. Errors in the configuration, the data and the checkpoint are found here, before
  /// the first step.
  ///
  /// - Parameters:
  ///   - resume: The checkpoint to resume from; nil starts a new run.
  ///   - initialWeights: Pretrained weights for the networks of a new run, in place of a random initialization. They are
  ///     given on rank 0 only.
  ///   - timeLimit: The duration after which `run()` saves a checkpoint and stops; nil for no limit.
  ///   - communicator: The ranks that train. Rank 0 alone writes files and prints.
  ///   - interruption: Stops the run after a step, or requests checkpoints and samples.
  ///   - console: Prints progress and warnings on rank 0.
  /// - Throws: `Failure`.
  /// - Precondition: `resume` or `initialWeights` is nil.
  package init(
    _ configuration: TrainingConfiguration, directory: RunDirectory, resume: ResumeRequest? = nil,
    initialWeights: LoadedModel? = nil, timeLimit: Duration? = nil, communicator: any Communicator = SingleProcess(),
    interruption: Interruption = Interruption(), console: Console = .standardError
  ) throws {
    precondition(resume == nil || initialWeights == nil, "TrainingRun: a run that goes on has its weights")
    let console = communicator.isFirst ? console : .silent
    self.configuration = configuration
    self.directory = directory
    self.communicator = communicator
    self.interruption = interruption
    self.console = console
    hasInitialWeights = initialWeights != nil
    self.timeLimit = timeLimit
    let run = configuration.training
    run.applyToProcess()
    try run.requireLeaves(of: communicator)
    if communicator.isFirst && resume == nil && initialWeights == nil { try configuration.requireNoInitialWeights() }
    try configuration.requireWantedConditions()
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: run.seed
    ) { console.warn($0) }
    if communicator.count > 1 {
      let own = try ProcessDescription(configuration, pictures: data.list, timeLimit: timeLimit)
      let all = try [ProcessDescription].gathered(own, communicator)
      if run.threads == nil { Threads.count = all.threads(of: communicator.rank) }
      all.remarkOnTypes.map { console.warn($0) }
    }
    let store = CheckpointStore(folder: directory.checkpoints, keep: run.keepCheckpoints)
    self.store = store
    // The folder and the lock of a new run are created later, by `RunRecords`, when everything else has been checked.
    var ownLock: RunLock?
    var checkpoint: LoadedCheckpoint?
    if communicator.isFirst {
      ownLock = try resume.map { _ in try directory.lockForResuming(console) }
      if resume == nil { try directory.refuseExistingRun() }
      checkpoint = try resume.flatMap { try $0.checkpoint(in: directory, store: store, console: console) }
      try checkpoint?.checkAgreement(with: configuration, pictures: data.list, console: console)
    }
    // Other ranks receive all weights from rank 0 in `share(over:)`, so they read no files of weights, as on resume.
    state = try TrainingState(
      configuration, initialWeights: initialWeights, isResumed: checkpoint != nil || !communicator.isFirst,
      console: console)
    if let checkpoint { try state.restore(from: checkpoint) }
    try state.share(over: communicator)
    if run.shardsOptimizer { state.divideOptimizers(among: communicator) }
    let (isFirst, warnings) = (communicator.isFirst, WarningQueue())
    let warn: @Sendable (String) -> Void = { isFirst ? console.warn($0) : warnings.add($0) }
    let pictures = try data.validation(communicator, onSkip: warn)

    let records =
      communicator.isFirst
      ? try RunRecords(
        configuration, directory: directory, store: store, lock: ownLock,
        resumingAfter: resume == nil ? nil : state.step, savedStep: checkpoint?.fields.step, start: initialWeights,
        pictures: data.list, interruption: interruption, console: console) : nil
    self.records = records
    loader = data.loader(
      batchSize: run.batchSize, share: run.samples(of: communicator), firstBatch: state.batches, onSkip: warn)
    func every(_ length: Int) -> Interval { Interval(length: length, lastStep: run.steps) }
    let validation = pictures.map {
      ValidationRecorder(
        $0, interval: every(run.validateEvery), history: records?.metrics.history ?? ValidationHistory())
    }
    self.validation = validation
    records?.checkpoints.validation = validation
    let samples = pictures.map {
      SamplesRecorder(
        $0, interval: every(run.sampleEvery), directory: directory, events: records?.events, interruption: interruption)
    }
    // The order counts: the lock is checked before any recorder writes, measurements are made before they are logged, and
    // a checkpoint is saved after the metrics, events and samples of its step.
    let recorders: [(any Recorder)?] =
      if let records {
        [
          records.lock,
          ProgressRecorder(total: run.steps, after: state.step, console: console),
          validation,
          validation == nil
            ? nil : SpectralNormRecorder(state, interval: every(run.validateEvery), console: console),
          MetricsRecorder(records.metrics),
          EventsRecorder(records.events, validationInterval: run.validateEvery),
          samples,
          records.checkpoints,
        ]
      } else {
        [validation, samples, CheckpointContributor()]
      }
    loop = TrainingLoop(
      state, source: LoadedBatches(data: data, loader: loader), seed: run.seed, leafCount: run.leaves,
      communicator: communicator,
      news: NewsExchange(communicator, interruption: interruption, warnings: warnings, console: console),
      recorders: recorders.compactMap { $0 })
    if communicator.isFirst { announce(try MemoryEstimate(configuration, processes: communicator.count), data) }
  }

  /// Trains until the last step, a signal or the time limit.
  ///
  /// - Throws: `Failure`; of the kind `data` if a loss or gradient is not finite, in which case the last checkpoint is kept
  ///   and no other is saved. After any other failure, the weights of the last completed step are saved if possible
  ///   before the failure is thrown.
  package func run() throws -> Outcome {
    defer {
      loader.stop()
      console.show(status: "")
      records?.lock.release()
    }
    // With a checkpoint of the initial weights, the run can be resumed from its first step on without their file.
    try state.gatherMoments(isSaving: hasInitialWeights)
    if hasInitialWeights { try records?.checkpoints.save(state) }
    let stop: TrainingLoop.Stop?
    do {
      stop = try loop.run(until: configuration.training.steps, timeLimit: timeLimit, interruption: interruption)
    } catch let broken as TrainingLoop.NotFinite {
      let saved =
        records?.checkpoints.lastSavedStep.map { "the checkpoint of step \($0) is kept" }
        ?? "there is no checkpoint yet"
      throw Failure(
        .data,
        "step \(broken.step): \(broken.finding), and the run stopped before any weight was changed by it; \(saved); try "
          + "a lower learning rate, or `clip_norm` in the section `optimizers`.")
    } catch let failure as Failure {
      throw saving(after: failure)
    }
    let skipped = try communicator.allGather([UInt8](littleEndianOf: loader.skippedCount))
      .reduce(0) { $0 + Int(littleEndian: $1) }
    if skipped > 0 { console.warn("\(skipped) pictures could not be read and were skipped.") }
    switch stop {
    case nil: return .finished
    case .signal(let number): return .interrupted(number)
    case .timeIsUp: return .timeIsUp
    }
  }

  /// Saves the weights of the last completed step after a failure. Folders that were moved or deleted are created again.
  ///
  /// Nothing is saved if the step was interrupted halfway, if sharded moments of other ranks would be needed, or if the
  /// step has a checkpoint.
  ///
  /// - Returns: The failure that ended the run, with a remark on the checkpoint from which it can be resumed.
  private func saving(after failure: Failure) -> Failure {
    guard let records else { return failure }
    let checkpoints = records.checkpoints
    func with(_ remark: Sentence) -> Failure {
      Failure(failure.kind, sentence: "\(failure.sentence.withoutFullStop); \(remark)")
    }
    let kept: Sentence =
      checkpoints.lastSavedStep.map { "the checkpoint of step \($0) is kept" } ?? "there is no checkpoint yet"
    // After a failure, other ranks take part in no more collective calls, such as the gathering of sharded moments.
    guard !state.isWithinStep, !state.needsMomentsOfOthers, checkpoints.lastSavedStep != state.step
    else { return with(kept) }
    do {
      try records.lock.requireHeld()
      try FileWriter.createFolder(directory.checkpoints)
      try checkpoints.saveWeights(state)
      // If the run directory was moved, the one created in its place can be resumed, too, with `config.json` in it.
      try? configuration.write(to: directory)
      return with(
        "the weights of step \(state.step) are saved: go on from there with \(setting: .resume, "true")")
    } catch let second as Failure where second == failure {
      return with(kept)
    } catch {
      let reason = (error as? Failure)?.sentence.withoutFullStop ?? Sentence("\(error)")
      return with("the weights of step \(state.step) could not be saved either: \(reason); \(kept)")
    }
  }

  /// The results of the run as lines to print: the last step, its validation, the checkpoint and the samples.
  package var summary: [String] {
    var lines = ["step: \(state.step)" + (state.phaseName.map { " (\($0))" } ?? "")]
    if let last = validation?.last { lines += last.lines }
    if let verdict = validation?.verdict { lines.append(verdict) }
    lines.append("checkpoint: \(store.path(step: state.step))")
    if validation != nil { lines.append("samples: \(directory.samples)") }
    return lines
  }

  /// Prints model, data, directory, steps and the estimate of memory, and warns if less memory is available.
  private func announce(_ memory: MemoryEstimate, _ data: TrainingData) {
    let run = configuration.training
    let sizes = state.model.networks.map { "\($0.name) \($0.module.parameterCount.grouped)" }.joined(separator: ", ")
    let threads =
      (Threads.count == 1 ? "1 thread" : "\(Threads.count) threads")
      + (communicator.count > 1 ? " of each of \(communicator.count) ranks" : "")
    let start = state.step == 0 ? "" : ", going on after step \(state.step)"
    console.write(line: "model      \(configuration.modelName): \(sizes) parameters")
    console.write(line: "data       \(data.summary)")
    console.write(line: "run        \(directory.path), \(run.steps) steps of \(run.batchSize) on \(threads)\(start)")
    if configuration.phases.count > 1 { console.write(line: "phases     \(configuration.phases.summary) steps") }
    console.write(
      line: "memory     about \(memory.bytes.inMemoryUnits)" + (communicator.count > 1 ? " a rank" : ""))
    if let available = Memory.available, available < memory.bytes {
      console.warn(
        "only \(available.inMemoryUnits) of memory are available, and the system may kill this run: lower "
          + "`training.batch_size` or `data.size`")
    }
  }
}

extension TrainingConfiguration {
  /// Checks that a new run can begin with a random initialization.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the first phase needs pretrained weights.
  func requireNoInitialWeights() throws {
    if let reason = model.reasonForInitialWeights(before: phases[0].phase) {
      throw Failure(.configuration, sentence: reason)
    }
  }
}
