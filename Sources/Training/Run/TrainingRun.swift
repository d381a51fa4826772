import InpaintingData
package import InpaintingModels
import Kernels
import NeuralNetworks
import Support

/// A training as a configuration says, in a run directory: begun, resumed, and written down.
package final class TrainingRun {
  /// The end of a run.
  package enum Outcome: Equatable {
    case finished
    /// Stopped by this signal, after a step was finished and a checkpoint written.
    case interrupted(Int32)
    /// Stopped when its time was up, after a step was finished and a checkpoint written.
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
  /// Nil in processes that do not write.
  private let records: RunRecords?
  private let loop: TrainingLoop
  private let hasInitialWeights: Bool
  private let timeLimit: Duration?

  /// Prepares a run: everything that can be wrong with the configuration, the data or the checkpoint is found here.
  ///
  /// - Parameters:
  ///   - resume: The checkpoint to resume from; nil starts a new run.
  ///   - initialWeights: The initial weights of a new run's networks, in place of random ones. Of several processes, the first
  ///     has them.
  ///   - timeLimit: The time after which `run()` stops, with a checkpoint; nil if it does not.
  ///   - communicator: The processes that train. The first alone writes and speaks.
  /// - Throws: `Failure`.
  /// - Precondition: Initial weights are for new runs only.
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
    // A new run makes its folder when nothing can be wrong any more.
    var ownLock: RunLock?
    var checkpoint: LoadedCheckpoint?
    if communicator.isFirst {
      ownLock = try resume.map { _ in try directory.lockForResuming(console) }
      if resume == nil { try directory.refuseExistingRun() }
      checkpoint = try resume.flatMap { try $0.checkpoint(in: directory, store: store, console: console) }
      try checkpoint?.checkAgreement(with: configuration, pictures: data.list, console: console)
    }
    // Others get all weights from the first.
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
    // The lock comes before whatever writes, measurements before what writes them, and a checkpoint after what it vouches
    // for.
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

  /// Trains until the last step or an interruption.
  ///
  /// - Throws: `Failure`, of the kind `data` if a loss or gradient is not finite; the last checkpoint stays as it was then.
  ///   Before any other failure the weights are saved.
  package func run() throws -> Outcome {
    defer {
      loader.stop()
      console.show(status: "")
      records?.lock.release()
    }
    // From here on the run needs the file that it started from no more.
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

  /// Saves the weights of the last step that was finished, wherever the folder has gone.
  ///
  /// - Returns: The failure that ended the run, with what has become of the weights.
  private func saving(after failure: Failure) -> Failure {
    guard let records else { return failure }
    let checkpoints = records.checkpoints
    func with(_ remark: Sentence) -> Failure {
      Failure(failure.kind, sentence: "\(failure.sentence.withoutFullStop); \(remark)")
    }
    let kept: Sentence =
      checkpoints.lastSavedStep.map { "the checkpoint of step \($0) is kept" } ?? "there is no checkpoint yet"
    // After a failure others give nothing any more.
    guard !state.isWithinStep, !state.needsMomentsOfOthers, checkpoints.lastSavedStep != state.step
    else { return with(kept) }
    do {
      try records.lock.requireHeld()
      try FileWriter.createFolder(directory.checkpoints)
      try checkpoints.saveWeights(state)
      // Where the folder has moved, the new one is a run, too.
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

  /// The outcome of the run, for standard output.
  package var summary: [String] {
    var lines = ["step: \(state.step)" + (state.phaseName.map { " (\($0))" } ?? "")]
    if let last = validation?.last { lines += last.lines }
    if let verdict = validation?.verdict { lines.append(verdict) }
    lines.append("checkpoint: \(store.path(step: state.step))")
    if validation != nil { lines.append("samples: \(directory.samples)") }
    return lines
  }

  /// Says what is going to happen, and warns if it will not fit into memory.
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
  /// - Throws: `Failure` of the kind `configuration` if a run must begin with weights that were trained before.
  func requireNoInitialWeights() throws {
    if let reason = model.reasonForInitialWeights(before: phases[0].phase) {
      throw Failure(.configuration, sentence: reason)
    }
  }
}
