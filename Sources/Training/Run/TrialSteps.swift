import InpaintingModels
import NeuralNetworks
import Tensors

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
