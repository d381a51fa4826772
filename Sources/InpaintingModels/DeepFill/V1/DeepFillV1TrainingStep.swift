import InpaintingData
import Tensors

/// The order in which the networks take turns (Yu et al., 2018, algorithm 1).
extension DeepFillV1 {
  package func trainingStep(_ step: some TrainingStep) throws {
    let pass = GeneratorPass(parameters: generatorParameters, buffers: generatorBuffers, fill: self.fill)
    let updates = configuration.pretrainsCoarse ? 0 : configuration.schedule.criticUpdates
    // The batch that serves the generator, too.
    var shared: StepBatch?
    for occasion in 0..<updates {
      let batch = try step.nextBatch()
      // When critics know most.
      let isLast = occasion == updates - 1
      let isShared = isLast && configuration.schedule.sharesBatch
      if isShared { shared = batch }
      try step.update(over: batch) { leaf in
        let completed = isShared ? pass.ahead(leaf, of: batch).completed.detached() : fill(leaf.batch).completed
        let mixes = PenaltyMixes(
          step.randomness, count: leaf.sampleCount, samples: leaf.samples, occasion: occasion)
        return criticUpdate(leaf.batch, completed: completed, mixes: mixes, isLogged: isLast)
      }
    }
    let batch = try shared ?? step.nextBatch()
    let counts = try step.mean(over: batch) { lossCounts($0.batch) }
    try step.update(over: batch) { leaf in
      let (tape, filling) = pass.recorded(leaf)
      // Against the new critics, whose own parameters are on no tape now.
      let loss = tape.record { generatorLoss(leaf.batch, filling, counts: counts) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }
}
