import Imaging
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct SemanticDecoderTests {
  private func decoder(hidden: Int, channels: Int = 128, map: Int = 20) -> SemanticDecoder {
    SemanticDecoder(
      channels: channels, mapChannels: map, hidden: hidden, norm: .instance, filters: .glorotUniform,
      initialization: Initialization(seed: 0))
  }

  @Test(arguments: [(128, 3_259_107), (64, 2_000_483)])
  func `faces with 19 classes take this many parameters`(_ hidden: Int, _ count: Int) {
    #expect(decoder(hidden: hidden).parameterCount == count)
  }

  /// The wiring written down once more.
  @Test func `blocks follow the map at a quarter, a quarter, half and all of the size`() {
    let decoder = decoder(hidden: 3, channels: 8, map: 4)
    decoder.setTraining(false)
    let (features, map) = (Tensor.noise("features", [1, 4, 6, 8]), Tensor.noise("map", [1, 16, 24, 4]))
    func resized(_ factor: Int) -> Tensor { map.resizedNearest(height: 16 / factor, width: 24 / factor) }
    var x = decoder.block2(decoder.block1(features, map: resized(4)), map: resized(4)).upsampledNearest(by: 2)
    x = decoder.block3(x, map: resized(2)).upsampledNearest(by: 2)
    x = decoder.block4(x, map: map)
    let expected = tanh(decoder.output(relu(x) - 0.2 * relu(-x)))
    let found = decoder(features, map: map)
    #expect(found.shape == [1, 16, 24, 3])
    #expect(found.largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `a class that is requested in the hole changes the filling there, and nothing outside`() throws {
    let (model, batch) = (tinySemanticGuidance { $0.decoder = .tiny }, labeledBatch())
    for network in model.networks { network.module.setTraining(false) }
    let own = model.fill(batch)
    #expect(own.stages.map(\.name) == ["coarse", "fine"])
    for name in 0..<3 {
      let all = Tensor.oneHot([Int](repeating: name, count: 2 * 1024), shape: [2, 32, 32, 3])
      let inside = all * batch.holes
      let (edited, everywhere) = (
        model.fill(batch.with(.requestedLabels(tinyClasses), inside)),
        model.fill(batch.with(.requestedLabels(tinyClasses), all))
      )
      // What is requested outside of the hole plays no part anywhere.
      #expect(areIdentical(edited.completed.elements, everywhere.completed.elements))
      #expect(((edited.completed - batch.images) * (1 - batch.holes)).elements.allSatisfy { $0 == 0 })
      #expect(((edited.completed - own.completed) * batch.holes).elements.contains { $0 != 0 })
      #expect(areIdentical(edited.stages[0].pictures.elements, own.stages[0].pictures.elements))
    }
  }

  @Test func `requests for what is predicted anyway change no byte, and empty ones neither`() throws {
    let (model, batch) = (tinySemanticGuidance { $0.decoder = .tiny }, labeledBatch())
    for network in model.networks { network.module.setTraining(false) }
    let own = model.fill(batch)
    let predicted = Tensor.oneHot(try #require(model.logits(of: own)).argmax(), shape: [2, 32, 32, 3])
    for request in [predicted, .zeros([2, 32, 32, 3])] {
      let prediction = model.fill(batch.with(.requestedLabels(tinyClasses), request))
      #expect(areIdentical(prediction.completed.elements, own.completed.elements))
    }
    let bare = InpaintingBatch(images: batch.images, holes: batch.holes)
    #expect(areIdentical(model.fill(bare).completed.elements, own.completed.elements))
  }

  @Test func `true labels of the batch play no part in a filling`() {
    let (model, batch) = (tinySemanticGuidance { $0.decoder = .tiny }, labeledBatch())
    for network in model.networks { network.module.setTraining(false) }
    let other = batch.with(.labels(tinyClasses), .oneHot([Int](repeating: 1, count: 2048), shape: [2, 32, 32, 3]))
    #expect(areIdentical(model.fill(batch).completed.elements, model.fill(other).completed.elements))
  }

  @Test func `there is one stage as long as the first is trained alone`() {
    let (model, batch) = (tinySemanticGuidance { $0.decoder = .tiny }, labeledBatch())
    for (phase, stages) in zip(model.configuration.phases, [1, 2, 2]) {
      model.begin(phase)
      #expect(model.fill(batch).stages.count == stages)
    }
    #expect(tinySemanticGuidance().fill(batch).stages.count == 1)
  }
}

@Suite struct LabelHeadTests {
  @Test func `scores come in the pictures' size, one a class`() {
    let head = LabelHead(channels: 128, classes: 19, filters: .glorotUniform, initialization: Initialization(seed: 0))
    #expect(head(.zeros([1, 2, 3, 128])).shape == [1, 8, 12, 19])
    // 3x3: 128 to 128, to 64, to 64; 1x1: to 19.
    #expect(head.parameterCount == 147_584 + 73_792 + 36_928 + 1_235)
  }

  @Test func `the label map is the class with the highest score`() throws {
    let (model, batch) = (tinySemanticGuidance(), labeledBatch())
    let prediction = model.fill(batch)
    let logits = try #require(model.logits(of: prediction))
    let maps = try #require((model as any InpaintingModel).labelMaps(of: prediction))
    #expect(logits.shape == [2, 32, 32, 3] && maps.count == 2)
    for (sample, row, column) in [(0, 0, 0), (0, 13, 30), (1, 31, 2)] {
      let scores = (0..<3).map { logits[sample, row, column, $0] }
      #expect(scores[Int(maps[sample].values[row * 32 + column])] == scores.max())
    }
    #expect(maps.allSatisfy { $0.classes == tinyClasses && Set($0.values).count > 1 })
    // With a second stage too, the first one alone says the same.
    let both = tinySemanticGuidance { $0.decoder = .tiny }
    #expect(both.predictedLabels(of: batch) == maps && both.predictedLabels(both.fill(batch)) == maps)
  }

  @Test func `a model without classes predicts none, and others do not either`() {
    let batch = tinyBatch(size: 32)
    for model: any InpaintingModel in [tinySemanticGuidance { $0.classes = nil }, tinyModel()] {
      #expect(model.labelMaps(of: model.fill(batch)) == nil && model.conditions.isEmpty)
    }
  }

  @Test func `labels that are not there change no filling`() {
    let (model, batch) = (tinySemanticGuidance(), labeledBatch())
    let bare = InpaintingBatch(images: batch.images, holes: batch.holes)
    #expect(areIdentical(model.fill(batch).completed.elements, model.fill(bare).completed.elements))
  }
}

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
    let prediction = model.finePrediction(requested)
    let terms = model.decoderLoss(requested, prediction).terms
    let errors = abs(prediction.stages[1].pictures - batch.images) * (1 - batch.holes)
    #expect(abs(terms[1].value - errors.mean().scalar) < 1e-5)
    #expect(terms[3].name == "feature_matching" && terms[3].value == 0)
  }
}
