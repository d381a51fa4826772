import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The time that training steps take.
struct StepMeasurement {
  let threads: Int
  let batch: Int
  /// The wall time of each step after the warm-up, with waiting for data.
  let seconds: Samples
  /// The part of each that was spent waiting for data.
  let waited: Samples

  var stepsPerSecond: Double { 1 / seconds.median }
  var picturesPerSecond: Double { Double(batch) / seconds.median }

  /// - Parameter warmUp: The number of first steps that are left out.
  /// - Precondition: There are more.
  init(_ times: StepTimes, warmUp: Int, threads: Int, batch: Int) {
    self.threads = threads
    self.batch = batch
    seconds = Samples(Array(times.seconds.dropFirst(warmUp)))
    waited = Samples(Array(times.waited.dropFirst(warmUp)))
  }
}

/// Keeps the times of all steps.
final class StepTimes: Recorder {
  private(set) var seconds: [Double] = []
  private(set) var waited: [Double] = []
  /// The seconds that rank 0 waited for the other ranks, a step.
  private(set) var waitedForOthers: [Double] = []
  /// For sums that all were at, by this one.
  private(set) var exchanged: [Double] = []

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    seconds.append(report.seconds)
    waited.append(report.waited)
    waitedForOthers.append(report.waits.first ?? 0)
    exchanged.append(report.exchanged)
  }
}

/// The time that filling one picture takes, from tensor to tensor: no tape, no files.
struct FillMeasurement {
  let seconds: Samples
  /// The multiplications and additions of its convolutions, by the direct method.
  let operations: Double

  var picturesPerSecond: Double { 1 / seconds.median }

  /// Measures a fresh model on one of the configuration's pictures; time does not depend on the weights.
  ///
  /// - Parameter console: Is told what is left out of the pictures.
  /// - Throws: `Failure` if there are no pictures.
  init(
    _ configuration: TrainingConfiguration, count: Int, warmUp: Int, interruption: Interruption, console: Console
  ) throws {
    let seed = configuration.training.seed
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: seed
    ) { console.warn($0) }
    let loader = data.loader(batchSize: 1, firstBatch: 0) { console.warn($0) }
    let batch = data.tensors(of: try loader.next())
    loader.stop()
    let model = configuration.model.makeModel(seed: seed)
    for network in model.networks { network.module.setTraining(false) }

    let census = ConvolutionCensus()
    census.counting { _ = model.fill(batch) }
    operations = census.entries.reduce(0) { $0 + Double($1.seconds.count) * $1.geometry.directOperations }
    for _ in 1..<max(1, warmUp) { _ = model.fill(batch) }
    var times: [Double] = []
    while times.count < count && (interruption.requested == nil || times.isEmpty) {
      let start = ContinuousClock.now
      _ = model.fill(batch)
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    seconds = Samples(times)
  }
}

/// Repeated measurements of one thing.
struct Samples {
  let values: [Double]

  /// - Precondition: there is at least one.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "Samples: nothing was measured")
    self.values = values
  }

  /// The middle value, or the mean of the middle two: robust against the few that something disturbed.
  var median: Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  var minimum: Double { values.min() ?? .nan }
}
