import InpaintingData
import Tensors

/// How the networks take turns (Yu et al., 2018, algorithm 1).
extension DeepFillV1 {
  package func trainingStep(
    randomness: StepRandomness, nextBatch: () throws -> InpaintingBatch, update: (NetworkUpdate) throws -> Void
  ) throws {
    guard !configuration.pretrainsCoarse else { return try generatorUpdate(nextBatch(), update: update) }
    let updates = configuration.schedule.criticUpdates
    // What each pass through the generator is followed by; the last pass may serve the generator too.
    func updateCritics(_ batch: InpaintingBatch, completed: Tensor, occasion: Int) throws {
      let mixes = PenaltyMixes(randomness, count: batch.images.shape[0], occasion: occasion)
      // When critics know most.
      let isLast = occasion == updates - 1
      try update(criticUpdate(batch, completed: completed, mixes: mixes, isLogged: isLast))
    }
    let separate = configuration.schedule.sharesBatch ? updates - 1 : updates
    for occasion in 0..<separate {
      let batch = try nextBatch()
      try updateCritics(batch, completed: fill(batch).completed, occasion: occasion)
    }
    try generatorUpdate(nextBatch(), update: update) { batch, completed in
      if separate < updates { try updateCritics(batch, completed: completed, occasion: separate) }
    }
  }

  /// - Parameter prepare: What is done with the completed pictures, on no tape, before they are judged.
  private func generatorUpdate(
    _ batch: InpaintingBatch, update: (NetworkUpdate) throws -> Void,
    prepare: (_ batch: InpaintingBatch, _ completed: Tensor) throws -> Void = { _, _ in }
  ) throws {
    let tape = Tape(watching: generatorParameters)
    let filling = tape.record { fill(batch) }
    try prepare(batch, filling.completed.detached())
    // Against the new critics, whose own parameters are on no tape now.
    let loss = tape.record { generatorLoss(batch, filling) }
    try update(NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms))
  }
}
