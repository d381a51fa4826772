import Foundation
import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// Trains a model as a configuration says, in a run directory.
///
/// It knows no model: a model says what its networks are and what a step does, and hands back gradients.
package final class Trainer {
  /// How a run ended.
  package enum Outcome: Equatable {
    case finished
    /// Stopped by this signal, after a step was finished and a checkpoint written.
    case interrupted(Int32)
  }

  private let configuration: TrainingConfiguration
  private let directory: RunDirectory
  private let console: Console
  private let interruption: Interruption
  private let model: any InpaintingModel
  private let networks: [TrainedNetwork]
  private let data: TrainingData
  private let loader: BatchLoader
  private let validation: Validation?
  private let store: CheckpointStore
  private let metrics: MetricsLog
  private let events: EventFile
  private let progress: ProgressBar
  private var step: Int
  private var batches: Int
  private var lastSavedStep: Int?
  private let hasInitialWeights: Bool
  private var lastQuality: HoleQualityReport?

  /// Prepares a run: everything that can be wrong with the configuration, the data or the checkpoint is found here.
  ///
  /// - Parameters:
  ///   - resume: What to go on from; nil starts a new run.
  ///   - initialWeights: What a new run's networks start as, in place of fresh parameters.
  /// - Throws: `Failure`.
  /// - Precondition: Initial weights are for new runs only.
  package init(
    _ configuration: TrainingConfiguration, directory: RunDirectory, resume: ResumeRequest? = nil,
    initialWeights: LoadedModel? = nil,
    interruption: Interruption = Interruption(), console: Console = .standardError
  ) throws {
    precondition(resume == nil || initialWeights == nil, "Trainer: a run that goes on has its weights")
    self.configuration = configuration
    self.directory = directory
    self.interruption = interruption
    self.console = console
    let run = configuration.training
    run.applyToProcess()
    if resume == nil, initialWeights == nil, let reason = configuration.model.reasonForInitialWeights {
      throw Failure(.configuration, sentence: reason)
    }
    data = try TrainingData(configuration.data, holes: configuration.holes, seed: run.seed)
    let store = CheckpointStore(folder: directory.checkpoints, keep: run.keepCheckpoints)
    self.store = store
    let checkpoint = try resume.flatMap { try $0.checkpoint(in: directory, store: store, console: console) }
    if resume == nil { try directory.refuseExistingRun() }
    try checkpoint?.checkAgreement(with: configuration, console: console)

    model = configuration.model.makeModel(seed: run.seed)
    guard model.conditions.isEmpty else {
      throw Failure(
        .configuration,
        sentence: """
        `model.guidance` is on, and the data has no edges to guide with: a guided network can be built and counted \
        (\(setting: Setting("dryRun"))), but not trained.
        """)
    }
    try model.prepareForTraining()
    // Before anything is made of the parameters: moving averages start at them.
    try initialWeights?.start(model, as: configuration, console: console)
    if checkpoint == nil { try model.loadAttentionWeights() }
    hasInitialWeights = initialWeights != nil
    networks = configuration.trainedNetworks(of: model)
    if let checkpoint {
      for (index, network) in networks.enumerated() { try network.restore(from: checkpoint, index: index) }
    }
    step = checkpoint?.fields.step ?? 0
    batches = checkpoint?.fields.batches ?? 0
    lastSavedStep = checkpoint?.fields.step

    validation = try data.validation { console.warn($0) }
    try directory.createFolders()
    if let initialWeights { try directory.noteStart(initialWeights) }
    let resumedStep = resume == nil ? nil : step
    metrics = try MetricsLog(path: directory.metrics, resumingAfter: resumedStep)
    events = try EventFile(folder: directory.path, resumingAfter: step)
    try FileWriter.writeAtomically(configuration.resolved.write(pretty: true) + "\n", to: directory.configuration)
    loader = data.loader(batchSize: run.batchSize, firstBatch: batches) { console.warn($0) }
    progress = ProgressBar(total: run.steps, after: step, console: console)
    announce(try MemoryEstimate(configuration))
  }

  /// Trains until the last step or an interruption.
  ///
  /// - Throws: `Failure`, of the kind `data` if a loss or gradient is not finite; the last checkpoint stays as it was.
  package func run() throws -> Outcome {
    defer { loader.stop() }
    // From here on the run needs the file that it started from no more.
    if hasInitialWeights { try save() }
    if step == 0 { try writeSamples() }
    while step < configuration.training.steps && interruption.requested == nil {
      try advance()
    }
    progress.finish()
    if lastSavedStep != step { try save() }
    if loader.skippedCount > 0 { console.warn("\(loader.skippedCount) pictures could not be read and were skipped.") }
    if let signal = interruption.requested { return .interrupted(signal) }
    return .finished
  }

  /// What came of the run, for standard output.
  package var summary: [String] {
    var lines = ["step: \(step)"]
    if let lastQuality { lines += lastQuality.lines }
    lines.append("checkpoint: \(store.path(step: step))")
    if validation != nil { lines.append("samples: \(directory.samples)") }
    return lines
  }

  // MARK: One step

  private func advance() throws {
    let report = try trainingStep()
    step += 1
    progress.update(
      step: step, images: report.images, losses: report.terms.map { (name: $0.name, value: Double($0.value)) })
    let run = configuration.training
    let isLast = step == run.steps
    var values = report.values
    if isDue(run.validateEvery) || (isLast && run.validateEvery > 0), let quality = measureQuality() {
      values += quality.values
    }
    try metrics.append(step: step, values)
    if isLogged { try events.append(step: step, scalars: values.map { (tag: $0.key, value: $0.value) }) }
    if isDue(run.sampleEvery) || (isLast && run.sampleEvery > 0) { try writeSamples() }
    if isDue(run.checkpointEvery) || isLast { try save() }
  }

  private func isDue(_ interval: Int) -> Bool { interval > 0 && step % interval == 0 }

  /// Every step at first, every tenth later: curves need no more, and event files stay small.
  private var isLogged: Bool { step <= 100 || step % 10 == 0 || isDue(configuration.training.validateEvery) }

  private func trainingStep() throws -> StepReport {
    var report = StepReport()
    let start = ContinuousClock.now
    try model.trainingStep(
      randomness: StepRandomness(seed: configuration.training.seed, step: step),
      nextBatch: {
        let batch = try loader.next()
        batches += 1
        report.waited += batch.secondsWaited
        report.images += batch.examples.count
        return data.tensors(of: batch)
      },
      update: { update in
        let network = network(named: update.network)
        try refuseBroken(update, of: network)
        network.update(update.gradients)
        report.terms += update.terms
      })
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  private func network(named name: String) -> TrainedNetwork {
    guard let network = networks.first(where: { $0.name == name }) else {
      preconditionFailure("Trainer: the model has no network \(name)")
    }
    return network
  }

  /// Stops the run before the optimiser spreads what is not finite over all parameters.
  private func refuseBroken(_ update: NetworkUpdate, of network: TrainedNetwork) throws {
    let broken =
      update.terms.first { !$0.value.isFinite }.map { "the term `\($0.name)` is \($0.value)" }
      ?? network.brokenGradient(update.gradients).map { "the gradient of \(network.name).\($0) is not finite" }
    guard let broken else { return }
    let saved = lastSavedStep.map { "the checkpoint of step \($0) is kept" } ?? "there is no checkpoint yet"
    throw Failure(
      .data,
      "The run stopped at step \(step + 1), before any weight was changed by it: \(broken); \(saved); try a lower "
        + "learning rate, or `clip_norm` in the section `optimizers`.")
  }

  // MARK: What is due now and then

  private func measureQuality() -> HoleQualityReport? {
    guard let validation else { return nil }
    defer { progress.skipTime() }
    let quality = networks[0].evaluating { validation.quality(of: model) }
    let report = HoleQualityReport(quality: quality, baseline: validation.baseline)
    lastQuality = report
    return report
  }

  private func writeSamples() throws {
    guard let validation, configuration.training.sampleEvery > 0 else { return }
    defer { progress.skipTime() }
    let sheet = networks[0].evaluating { SampleSheet(validation).picture(of: model) }
    let png = try sheet.pngData()
    try FileWriter.writeAtomically(png, to: directory.sample(step: step))
    try events.append(
      step: step,
      images: [.init(tag: "samples", width: sheet.width, height: sheet.height, channels: sheet.channels, png: png)])
  }

  private func save() throws {
    defer { progress.skipTime() }
    // A checkpoint vouches for the lines up to its step.
    try metrics.synchronise()
    let fields = CheckpointFields(
      step: step, batches: batches, optimizerSteps: networks.map(\.optimizerSteps),
      averageUpdates: networks.map(\.averageUpdates), configuration: configuration.arithmetic.write())
    try store.save(networks.flatMap(\.tensors), fields: fields)
    lastSavedStep = step
  }

  /// Says what is going to happen, and warns if it will not fit into memory.
  private func announce(_ memory: MemoryEstimate) {
    let run = configuration.training
    let sizes = model.networks.map { "\($0.name) \($0.module.parameterCount.grouped)" }.joined(separator: ", ")
    let threads = Threads.count == 1 ? "1 thread" : "\(Threads.count) threads"
    let start = step == 0 ? "" : ", going on after step \(step)"
    console.write(line: "model      \(configuration.modelName): \(sizes) parameters")
    console.write(line: "data       \(data.summary)")
    console.write(line: "run        \(directory.path), \(run.steps) steps of \(run.batchSize) on \(threads)\(start)")
    console.write(line: "memory     about \(memory.bytes.inMemoryUnits)")
    if let available = Memory.available, available < memory.bytes {
      console.warn(
        "only \(available.inMemoryUnits) of memory are available, and the system may kill this run: lower "
          + "`training.batch_size` or `data.size`")
    }
  }
}
