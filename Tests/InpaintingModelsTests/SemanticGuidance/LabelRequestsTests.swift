import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct LabelRequestsTests {
  private func model(_ change: (inout SemanticGuidanceConfiguration.Decoder) -> Void) -> SemanticGuidance {
    let model = tinySemanticGuidance {
      var decoder = SemanticGuidanceConfiguration.Decoder.tiny
      change(&decoder)
      $0.decoder = decoder
    }
    model.begin(.secondStage)
    return model
  }

  private enum Request { case none, own, edited }

  private func requests(
    predicted: Double, edited: Double, step: Int, samples: Range<Int> = 0..<8
  ) -> [Request] {
    let model = model { ($0.predictedLabels, $0.editedLabels) = (predicted, edited) }
    let batch = labeledBatch(count: 8)
    let leaf = StepBatch.Leaf(batch: batch.samples(samples), samples: samples, sampleCount: 8)
    let requested = model.requestingLabels(leaf, StepRandomness(seed: 5, step: step)).batch
    let flags = model.isEdited(requested)?.elements ?? samples.map { _ in 0 }
    return samples.indices.map { index in
      let place = index - samples.lowerBound
      let map = requested[.requestedLabels(tinyClasses)]!.sliced(axis: 0, place..<place + 1)
      let own = requested[.labels(tinyClasses)]!.sliced(axis: 0, place..<place + 1)
      if map.elements == own.elements {
        #expect(flags[place] == 0)
        return .own
      }
      if map.elements.allSatisfy({ $0 == 0 }) {
        #expect(flags[place] == 0)
        return .none
      }
      // One class everywhere, which the picture has.
      let counts = map.sum(axes: [0, 1, 2]).elements
      let name = counts.firstIndex { $0 > 0 }!
      #expect(
        counts.filter { $0 > 0 }.count == 1 && counts[name] == 32 * 32 && own.sum(axes: [0, 1, 2]).elements[name] > 0)
      #expect(flags[place] == 1)
      return .edited
    }
  }

  @Test func `labels are requested of some samples, and of the same ones when the step is made again`() {
    #expect(requests(predicted: 0, edited: 0, step: 1).allSatisfy { $0 == .own })
    #expect(requests(predicted: 1, edited: 0, step: 1).allSatisfy { $0 == .none })
    #expect(requests(predicted: 0, edited: 1, step: 1).allSatisfy { $0 == .edited })
    let found = (0..<40).flatMap { requests(predicted: 0.3, edited: 0.2, step: $0) }
    func share(_ kind: Request) -> Double { Double(found.count { $0 == kind }) / 320 }
    #expect(abs(share(.none) - 0.3) < 0.08 && abs(share(.edited) - 0.2) < 0.08)
    // A leaf draws what the whole batch draws for its samples.
    let whole = requests(predicted: 0.3, edited: 0.3, step: 3)
    #expect(requests(predicted: 0.3, edited: 0.3, step: 3, samples: 4..<8) == Array(whole[4...]))
  }

  @Test func `an original says nothing of what an edit asks for`() throws {
    let model = model { ($0.predictedLabels, $0.editedLabels) = (0, 1) }
    for network in model.networks { network.module.setTraining(false) }
    let batch = labeledBatch()
    let leaf = StepBatch.Leaf(batch: batch, samples: 0..<2, sampleCount: 2)
    let requested = model.requestingLabels(leaf, .first).batch
    let filling = model.fineFilling(requested)
    let terms = model.decoderLoss(requested, filling).terms
    let errors = abs(filling.stages[1].pictures - batch.images) * (1 - batch.holes)
    #expect(abs(terms[1].value - errors.mean().scalar) < 1e-5)
    #expect(terms[3].name == "feature_matching" && terms[3].value == 0)
  }
}
