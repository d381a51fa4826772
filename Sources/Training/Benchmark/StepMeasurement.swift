import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The time of training steps.
struct StepMeasurement {
  let threads: Int
  let batch: Int
  /// The wall time of each step after the warm-up, including the time spent waiting for data.
  let seconds: Samples
  /// The seconds of each of these steps that were spent waiting for data.
  let waited: Samples

  var stepsPerSecond: Double { 1 / seconds.median }
  var picturesPerSecond: Double { Double(batch) / seconds.median }

  /// - Parameter warmUp: The number of steps at the beginning that are left out.
  /// - Precondition: There are more steps than `warmUp`.
  init(_ times: StepTimes, warmUp: Int, threads: Int, batch: Int) {
    self.threads = threads
    self.batch = batch
    seconds = Samples(Array(times.seconds.dropFirst(warmUp)))
    waited = Samples(Array(times.waited.dropFirst(warmUp)))
  }
}

/// A recorder of the times of all steps.
final class StepTimes: Recorder {
  private(set) var seconds: [Double] = []
  private(set) var waited: [Double] = []
  /// The seconds that rank 0 has waited for the other ranks in each step; 0 for a single process.
  private(set) var waitedForOthers: [Double] = []
  /// The seconds that this rank has waited for communication in each step, after all ranks had reached the call.
  private(set) var exchanged: [Double] = []

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    seconds.append(report.seconds)
    waited.append(report.waited)
    waitedForOthers.append(report.waits.first ?? 0)
    exchanged.append(report.exchanged)
  }
}

/// The time of inference for one picture, from input tensors to output tensor, without tape and files.
struct FillMeasurement {
  let seconds: Samples
  /// The number of multiplications and additions of the convolutions, counted as in direct convolution.
  let operations: Double

  var picturesPerSecond: Double { 1 / seconds.median }

  /// Measures a randomly initialized model on one of the configuration's pictures: the time does not depend on the weights.
  ///
  /// - Parameters:
  ///   - count: The number of measured calls; fewer, but at least one, after an interruption.
  ///   - warmUp: The number of calls before them that are not measured, and 1 at least.
  ///   - console: Receives warnings about pictures that are left out.
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

/// The values of a repeated measurement.
struct Samples {
  let values: [Double]

  /// - Precondition: There is at least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "Samples: nothing was measured")
    self.values = values
  }

  /// The median (for an even number of values, the mean of the middle two), which is robust against outliers.
  var median: Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  var minimum: Double { values.min() ?? .nan }
}
