import Foundation
import InpaintingData
import InpaintingModels
import Kernels
import Support
import Tensors

/// Measures how fast a configuration trains and fills on this machine, in the same loop that trains. Nothing is written.
package struct TrainingBenchmark {
  private let json: JSONValue
  private let source: String
  let configuration: TrainingConfiguration
  let options: BenchmarkOptions

  /// - Parameters:
  ///   - json: The configuration as its file has it.
  ///   - source: The file's path.
  /// - Throws: `Failure` for what the configuration or an option cannot be.
  package init(_ json: JSONValue, source: String, options: BenchmarkOptions) throws {
    self.json = try options.apply(to: json)
    self.source = source
    self.options = options
    configuration = try TrainingConfiguration(self.json, source: source)
  }

  /// Measures everything.
  ///
  /// - Returns: nil if it was interrupted.
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

  /// 1, 2, 4 and so on.
  static func threadCounts(below most: Int) -> [Int] {
    Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < most })
  }

  /// Trains for a few steps, and looks at their convolutions and memory.
  ///
  /// - Returns: nil if it was interrupted.
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

  /// Trains for one step, and measures what products it asks for.
  private func measureProducts(_ interruption: Interruption, _ console: Console) throws -> GEMMProfile {
    var json = json
    try options.limit(&json, toSteps: 1)
    let configuration = try TrainingConfiguration(json, source: source)
    let entries = try ProductCensus.counting { _ = try train(configuration, interruption, console) }
    return GEMMProfile(entries, seconds: options.isQuick ? 1e-4 : 0.02)
  }

  /// Trains for a few steps with so many threads.
  ///
  /// - Parameter census: Sees the convolutions of these steps.
  /// - Returns: nil if it was interrupted.
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

  /// Trains to the end in memory.
  ///
  /// - Parameter census: Sees the convolutions of the steps.
  /// - Returns: The times of the steps, and what was trained; nil if it was interrupted.
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
