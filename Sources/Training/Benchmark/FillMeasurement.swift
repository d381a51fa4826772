import InpaintingModels
import Support
import Tensors

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
