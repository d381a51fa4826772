import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// An estimate of the duration of a run on this machine, from the measurement of one training step of each phase.
///
/// The measured step has at most four pictures in one micro-batch and follows a step for warming up. The time of a full
/// batch is extrapolated in proportion to the number of pictures.
package struct StepTime {
  /// The phases of the run with the estimated seconds per step.
  package let phases: [(phase: RunPhase, seconds: Double)]

  /// The estimated seconds of all steps.
  package var total: Double { phases.reduce(0) { $0 + $1.seconds * Double($1.phase.steps.count) } }

  /// - Throws: `Failure`, as a training step of the run.
  init(_ configuration: TrainingConfiguration, data: TrainingData) throws {
    var measured: [TrainingPhase: Double] = [:]
    phases = try configuration.phases.map { phase in
      if let seconds = measured[phase.phase] { return (phase, seconds) }
      let seconds = try Self.seconds(configuration, phase, data)
      measured[phase.phase] = seconds
      return (phase, seconds)
    }
  }

  private static func seconds(
    _ configuration: TrainingConfiguration, _ phase: RunPhase, _ data: TrainingData
  ) throws -> Double {
    let run = configuration.training
    let pictures = min(4, run.batchSize / run.leaves)
    let trial = try TrialSteps(configuration, phase, side: configuration.data.size)
    let loader = data.loader(batchSize: pictures, firstBatch: 0) { _ in }
    defer { loader.stop() }
    let batches = LoadedBatches(data: data, loader: loader)
    try trial.step(batches, leafCount: 1)
    let duration = try ContinuousClock().measure { try trial.step(batches, leafCount: 1) }
    return duration / .seconds(1) * Double(run.batchSize) / Double(pictures)
  }

  /// The estimate as a phrase to print: the seconds per step of each phase, and the total.
  package var summary: String {
    let each = phases.map { phase, seconds in
      "about \(seconds.decimals(seconds < 1 ? 3 : 2)) s a step" + (phases.count == 1 ? "" : " of \(phase.name)")
    }
    return "\(each.joined(separator: ", ")); \(ProgressReport.duration(total)) in all"
  }
}

/// Training steps of one phase of a run on temporary networks, for measurements.
struct TrialSteps {
  let model: any InpaintingModel
  private let state: TrainingState
  private let seed: UInt64

  /// - Parameter side: The height and width of the pictures, in pixels.
  init(_ configuration: TrainingConfiguration, _ phase: RunPhase, side: Int) throws {
    seed = configuration.training.seed
    model = configuration.model.resized(toPictures: side).makeModel(seed: seed)
    try model.prepareForTraining()
    state = TrainingState(model, phases: [phase], averageDecay: configuration.training.averageDecay)
  }

  /// Performs a training step, on a single rank.
  ///
  /// - Parameter onUpdate: Called after each update of a network.
  func step(_ source: any BatchSource, leafCount: Int, onUpdate: (NetworkUpdate) -> Void = { _ in }) throws {
    try withoutActuallyEscaping(onUpdate) { onUpdate in
      try model.trainingStep(
        LeafwiseStep(
          randomness: StepRandomness(seed: seed, step: 0), leafCount: leafCount, source: source,
          communicator: SingleProcess(), buffers: state.buffers
        ) { update in
          try state.network(named: update.network).update(update.gradients)
          onUpdate(update)
        })
    }
  }
}
