import Imaging
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// A model that takes no time.
func tinyCoherencePriors(
  seed: UInt64 = 1, _ change: (inout CoherencePriorsConfiguration) -> Void = { _ in }
) -> CoherencePriors {
  var configuration = CoherencePriorsConfiguration()
  configuration.width = 8
  configuration.discriminatorWidth = 2
  configuration.spadeHidden = 3
  configuration.classes = tinyClasses
  change(&configuration)
  return CoherencePriors(configuration, seed: seed)
}

@Suite struct CoherencePriorsTests {
  @Test(arguments: ConvolutionType.allCases)
  func `every scale has a picture and scores, and known pixels stay as they are`(_ type: ConvolutionType) {
    let model = tinyCoherencePriors { $0.convolution = type }
    let batch = labeledBatch()
    let prediction = model.fill(batch)
    #expect(prediction.scales.map(\.pictures.shape) == [4, 8, 16, 32].map { [2, $0, $0, 3] })
    #expect(prediction.scales.map(\.logits?.shape) == [4, 8, 16, 32].map { [2, $0, $0, 3] })
    #expect(prediction.stages.map(\.name) == ["eighth", "quarter", "half", "fine"])
    #expect(prediction.stages.allSatisfy { $0.pictures.shape == [2, 32, 32, 3] })
    #expect(prediction.scales.allSatisfy { abs($0.pictures).maximum(axes: [0, 1, 2, 3]).scalar <= 1 })
    let known = 1 - batch.holes
    #expect((prediction.completed * known).elements == (batch.images * known).elements)
    #expect(prediction.completed.elements != batch.images.elements && prediction.completed.isFinite)
  }

  @Test func `what is in the hole is not looked at`() {
    for type in ConvolutionType.allCases {
      let model = tinyCoherencePriors { $0.convolution = type }
      let batch = labeledBatch()
      let other = InpaintingBatch(
        images: batch.images * (1 - batch.holes) + 0.5 * batch.holes, holes: batch.holes)
      #expect(model.fill(other).scales[3].pictures.elements == model.fill(batch).scales[3].pictures.elements)
    }
  }

  @Test func `features are propagated within classes at the scales that are named`() {
    let model = tinyCoherencePriors()
    #expect(model.generator.scales.map { $0.propagation != nil } == [true, true, false, false])
    let half = tinyCoherencePriors { $0.propagatedScales = [1] }
    #expect(half.generator.scales.map { $0.propagation != nil } == [false, false, true, false])
    // Requested labels change who is drawn from, and so the picture at the next scale.
    let batch = labeledBatch()
    let requested = Tensor.oneHot([Int?](repeating: 1, count: 2048), shape: [2, 32, 32, 3])
    let asked = batch.with(.requestedLabels(tinyClasses), requested)
    #expect(model.fill(asked).scales[2].pictures.elements != model.fill(batch).scales[2].pictures.elements)
    #expect(model.fill(asked).scales[0].pictures.elements == model.fill(batch).scales[0].pictures.elements)
    let none = tinyCoherencePriors { $0.propagatedScales = [] }
    #expect(none.fill(asked).completed.elements == none.fill(batch).completed.elements)
  }

  @Test func `labels that are requested outside of the hole change no byte`() {
    for confidence in SegmentationConfidence.allCases {
      let model = tinyCoherencePriors { $0.confidence = confidence }
      let batch = labeledBatch()
      let outside = Tensor.oneHot([Int?](repeating: 2, count: 2048), shape: [2, 32, 32, 3]) * (1 - batch.holes)
      let asked = batch.with(.requestedLabels(tinyClasses), outside)
      #expect(model.fill(asked).completed.elements == model.fill(batch).completed.elements)
    }
  }

  @Test func `a map that was shown changes no byte when it is given back, and an edit only its own labels`() {
    for confidence in SegmentationConfidence.allCases {
      let model = tinyCoherencePriors { $0.confidence = confidence }
      let batch = labeledBatch()
      let prediction = model.fill(batch)
      let own = prediction.scales[3].logits!.argmax()
      // Scales decide differently, so that a map of the last one, taken for a request, would change the first.
      let reduced = Tensor.oneHot(own, shape: [2, 32, 32, 3]).resizedNearest(height: 4, width: 4)
      #expect(reduced.argmax() != prediction.scales[0].logits!.argmax())
      func asked(_ classes: [Int?]) -> Prediction {
        model.fill(batch.with(.requestedLabels(tinyClasses), .oneHot(classes, shape: [2, 32, 32, 3])))
      }
      let again = asked(own)
      #expect(again.completed.elements == prediction.completed.elements)
      for (one, other) in zip(again.scales, prediction.scales) {
        #expect(one.pictures.elements == other.pictures.elements && one.logits!.elements == other.logits!.elements)
      }
      // Missing pixels of the first picture: as if they alone had been requested.
      var (edited, alone) = (own.map { Int?($0) }, [Int?](repeating: nil, count: own.count))
      for pixel in 0..<1024 where pixel / 32 < 8 && (8..<16).contains(pixel % 32) {
        edited[pixel] = (own[pixel] + 1) % 3
        alone[pixel] = edited[pixel]
      }
      let scores = [asked(edited), prediction].map { $0.scales[1].logits! }
      #expect(scores[0].sliced(axis: 0, 0..<1).elements != scores[1].sliced(axis: 0, 0..<1).elements)
      #expect(scores[0].sliced(axis: 0, 1..<2).elements == scores[1].sliced(axis: 0, 1..<2).elements)
    }
  }

  @Test func `sure labels guide features, and unsure ones less or not at all`() {
    let logits = Tensor([4, 0, 0, 0.1, 0, 0], shape: [1, 1, 2, 3])
    let soft = ScaleLabels(logits, requested: nil, confidence: .soft)
    #expect(soft.classes == [0, 0] && soft.isUncertain.elements == [0, 1])
    let sureness = softmax(logits).elements
    #expect(soft.conditioning.elements == [sureness[0], 0, 0, sureness[3], 0, 0])
    #expect(ScaleLabels(logits, requested: nil, confidence: .hard).conditioning.elements == [1, 0, 0, 0, 0, 0])
    let requested = Tensor([0, 0, 0, 0, 0, 1], shape: [1, 1, 2, 3])
    let asked = ScaleLabels(logits, requested: requested, confidence: .soft)
    #expect(asked.classes == [0, 2] && asked.isUncertain.elements == [0, 0] && asked.conditioning.elements[5] == 1)
    let models = SegmentationConfidence.allCases.map { confidence in
      tinyCoherencePriors { $0.confidence = confidence }
    }
    #expect(models.map { $0.generator.scales[1].guidance != nil } == [false, true, true])
    let pictures = models.map { $0.fill(labeledBatch()).completed.elements }
    #expect(pictures[0] != pictures[1] && pictures[1] != pictures[2])
  }

  @Test func `without classes there are no label heads, and all pixels are of one class`() {
    let model = tinyCoherencePriors { $0.classes = nil }
    #expect(model.networks.map(\.name) == ["generator", "discriminator"] && model.conditions.isEmpty)
    let prediction = model.fill(tinyBatch(count: 2, size: 32))
    #expect(prediction.scales.allSatisfy { $0.logits == nil } && model.labelMaps(of: prediction) == nil)
    #expect(model.generator.namedParameters.allSatisfy { !$0.name.contains("label") })
    #expect(model.generator.scales[0].propagation != nil)
  }

  @Test func `a cell with one missing pixel is missing`() {
    let hole = Tensor((0..<64).map { $0 == 9 ? 1 : 0 }, shape: [1, 8, 8, 1])
    #expect(hole.reducedByMaximum(by: 4).elements == [1, 0, 0, 0])
    #expect(hole.reducedByMaximum(by: 1).elements == hole.elements)
  }

  @Test func `the usual network has its size`() {
    let model = CoherencePriors(
      {
        var configuration = CoherencePriorsConfiguration()
        configuration.classes = .camVid
        return configuration
      }(), seed: 0)
    #expect(model.networks.map(\.module.parameterCount) == [4_927_290, 2_764_737, 2_776_001])
  }
}
