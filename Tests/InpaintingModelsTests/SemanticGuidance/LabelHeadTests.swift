import Imaging
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct LabelHeadTests {
  @Test func `scores come in the pictures' size, one a class`() {
    let head = LabelHead(channels: 128, classes: 19, filters: .glorotUniform, initialization: Initialization(seed: 0))
    #expect(head(.zeros([1, 2, 3, 128])).shape == [1, 8, 12, 19])
    // 3x3: 128 to 128, to 64, to 64; 1x1: to 19.
    #expect(head.parameterCount == 147_584 + 73_792 + 36_928 + 1_235)
  }

  @Test func `the label map is the class with the highest score`() throws {
    let (model, batch) = (tinySemanticGuidance(), labeledBatch())
    let filling = model.fill(batch)
    let logits = try #require(model.logits(of: filling))
    let maps = try #require((model as any InpaintingModel).labelMaps(of: filling))
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
