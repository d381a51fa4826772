import Foundation
import InpaintingData
import InpaintingModels
import Kernels
import Support
import Tensors

/// A benchmark of training and inference with a configuration on this machine.
///
/// Training is measured in `TrainingLoop`, the loop of real runs. No files are written.
package struct TrainingBenchmark {
  private let json: JSONValue
  private let source: String
  let configuration: TrainingConfiguration
  let options: BenchmarkOptions

  /// - Parameters:
  ///   - json: The configuration, as read from its file.
  ///   - source: The path of the configuration's file.
  /// - Throws: `Failure` if the configuration or an option is invalid.
  package init(_ json: JSONValue, source: String, options: BenchmarkOptions) throws {
    self.json = try options.apply(to: json)
    self.source = source
    self.options = options
    configuration = try TrainingConfiguration(self.json, source: source)
  }

  /// Performs all measurements that the options request.
  ///
  /// - Returns: The results; nil if the benchmark was interrupted.
  /// - Throws: `Failure` for whatever training would refuse.
  package func run(
    interruption: Interruption = Interruption(), console: Console = .standardError
  ) throws -> BenchmarkReport? {
    configuration.training.applyToProcess()
    let threads = Threads.count
    let started = Date()
    let peak = MatrixProductPeak(rounds: options.isQuick ? 2 : 20)
    let training = options.fillsOnly ? nil : try measureTraining(threads: threads, interruption, console)
    guard interruption.requested == nil else { return nil }
    let filling = try FillMeasurement(
      configuration, count: options.measuredFillings, warmUp: options.warmUp, interruption: interruption,
      console: console)
    var scaling: [StepMeasurement] = []
    if options.measuresScaling, let steps = training?.steps {
      for count in Self.threadCounts(below: threads) {
        guard let fewer = try measureSteps(threads: count, interruption, console) else { return nil }
        scaling.append(fewer)
      }
      scaling.append(steps)
    }
    Threads.count = threads
    guard interruption.requested == nil else { return nil }
    let products = options.measuresProducts ? try measureProducts(interruption, console) : nil
    guard interruption.requested == nil else { return nil }
    return BenchmarkReport(
      configuration: ConfigurationFile.runName(ofPath: source), model: configuration.modelName,
      size: configuration.data.size, batch: configuration.training.batchSize, threads: threads, date: started,
      machine: Machine(), peak: peak, training: training, filling: filling, scaling: scaling, products: products)
  }

  /// The powers of two below `most`, from 1.
  static func threadCounts(below most: Int) -> [Int] {
    Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < most })
  }

  /// Trains for a few steps, and measures their time, convolutions and memory.
  ///
  /// - Returns: The results; nil if training was interrupted.
  private func measureTraining(
    threads: Int, _ interruption: Interruption, _ console: Console
  ) throws -> BenchmarkReport.Training? {
    let census = ConvolutionCensus()
    let steps = try measureSteps(threads: threads, interruption, console, census)
    return steps.map {
      BenchmarkReport.Training(
        steps: $0, residentBytes: PeakMemory.resident, tensorBytes: MemoryPool.tensors.peakBytes,
        profile: ConvolutionProfile(
          census.entries, steps: options.warmUp + options.measuredSteps, warmUp: options.warmUp))
    }
  }

  /// Trains for one step, and measures its matrix products on both GEMM back ends.
  private func measureProducts(_ interruption: Interruption, _ console: Console) throws -> GEMMProfile {
    var json = json
    try options.limit(&json, toSteps: 1)
    let configuration = try TrainingConfiguration(json, source: source)
    let entries = try ProductCensus.counting { _ = try train(configuration, interruption, console) }
    return GEMMProfile(entries, seconds: options.isQuick ? 1e-4 : 0.02)
  }

  /// Trains for a few steps, and measures their time.
  ///
  /// - Parameters:
  ///   - threads: The number of threads.
  ///   - census: Records the convolutions of the steps.
  /// - Returns: The times; nil if training was interrupted.
  private func measureSteps(
    threads: Int, _ interruption: Interruption, _ console: Console, _ census: ConvolutionCensus = ConvolutionCensus()
  ) throws -> StepMeasurement? {
    var json = json
    try JSONOverride(label: "the benchmark", path: "training.threads", value: JSONValue(threads)).apply(to: &json)
    let configuration = try TrainingConfiguration(json, source: source)
    let trained = try train(configuration, interruption, console, census)
    return trained.map {
      StepMeasurement($0.times, warmUp: options.warmUp, threads: threads, batch: configuration.training.batchSize)
    }
  }

  /// Trains to the last step of a configuration, without files.
  ///
  /// - Parameters:
  ///   - census: Records the convolutions of the steps.
  ///   - communicator: The ranks that share the micro-batches of each batch.
  /// - Returns: The times of the steps, and the trained state; nil if training was interrupted.
  func train(
    _ configuration: TrainingConfiguration, _ interruption: Interruption, _ console: Console,
    _ census: ConvolutionCensus = ConvolutionCensus(), communicator: any Communicator = SingleProcess()
  ) throws -> (times: StepTimes, state: TrainingState)? {
    let run = configuration.training
    run.applyToProcess()
    try configuration.requireNoInitialWeights()
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: run.seed
    ) { console.warn($0) }
    let state = try TrainingState(configuration, console: console)
    if run.shardsOptimizer { state.divideOptimizers(among: communicator) }
    let loader = data.loader(
      batchSize: run.batchSize, share: run.samples(of: communicator), firstBatch: 0
    ) { console.warn($0) }
    defer { loader.stop() }
    let times = StepTimes()
    let loop = TrainingLoop(
      state, source: LoadedBatches(data: data, loader: loader), seed: run.seed, leafCount: run.leaves,
      communicator: communicator, news: NewsExchange(communicator, interruption: interruption),
      recorders: [ProgressRecorder(total: run.steps, after: 0, console: console), times])
    MemoryPool.tensors.resetPeak()
    return try census.counting { try loop.run(until: run.steps, interruption: interruption) } == nil
      ? (times, state) : nil
  }
}
