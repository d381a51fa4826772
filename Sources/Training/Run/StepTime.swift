import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The time that a run's steps will take on this machine, from one step of each phase that is really made.
///
/// A step is made with at most four pictures, and once before, so that memory and code are where they will be; more
/// pictures take as many times longer.
package struct StepTime {
  /// Each phase of the run with the seconds of one of its steps.
  package let phases: [(phase: RunPhase, seconds: Double)]

  /// The seconds of all steps.
  package var total: Double { phases.reduce(0) { $0 + $1.seconds * Double($1.phase.steps.count) } }

  /// - Throws: As a step of the run.
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

  /// A sentence for people.
  package var summary: String {
    let each = phases.map { phase, seconds in
      "about \(seconds.decimals(seconds < 1 ? 3 : 2)) s a step" + (phases.count == 1 ? "" : " of \(phase.name)")
    }
    return "\(each.joined(separator: ", ")); \(ProgressReport.duration(total)) in all"
  }
}

/// Steps of one phase of a run, really made on networks that nobody keeps.
struct TrialSteps {
  let model: any InpaintingModel
  private let state: TrainingState
  private let seed: UInt64

  /// - Parameter side: That of the pictures, in pixels.
  init(_ configuration: TrainingConfiguration, _ phase: RunPhase, side: Int) throws {
    seed = configuration.training.seed
    model = configuration.model.resized(toPictures: side).makeModel(seed: seed)
    try model.prepareForTraining()
    state = TrainingState(model, phases: [phase], averageDecay: configuration.training.averageDecay)
  }

  /// Makes a step.
  ///
  /// - Parameter onUpdate: Is told of each update after it.
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
