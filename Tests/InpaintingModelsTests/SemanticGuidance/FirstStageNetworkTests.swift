import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct FirstStageNetworkTests {
  @Test func `the published network has the published number of parameters`() {
    let generator = SemanticGuidance(seed: 0).generator
    #expect(generator.parameterCount == 1_481_635)
    #expect(generator.coarse.parameterCount == 1_448_227 && generator.attention.parameterCount == 33_024 + 384)
    let names = generator.namedParameters.map(\.name)
    #expect(names.first == "coarse.conv1.weight" && names.last == "attention.layers.0.block.context.weight")
  }

  @Test func `pictures come in full size, features in a quarter of it`() {
    let (pictures, features) = tinySemanticGuidance().generator(labeledBatch())
    #expect(pictures.shape == [2, 32, 32, 3] && features.shape == [2, 8, 8, 16])
  }

  /// The wiring written down once more.
  @Test func `attention is added to the dilated branch, and both begin with the same features`() throws {
    let model = tinySemanticGuidance()
    let (batch, net) = (labeledBatch(), model.generator.coarse)
    let input = concatenate([batch.known, .ones([2, 32, 32, 1]), batch.holes], axis: -1)
    let encoded = input.through(net.conv1, net.conv2, net.conv3, net.conv4, net.conv5, net.conv6)
    let dilated = encoded.through(net.conv7, net.conv8, net.conv9, net.conv10)
    guard case .features(let attention) = model.attention.insertions[0].layer,
      let block = attention.ported as? ExternalSpatialBlock
    else { throw Unexpected() }
    let cells = batch.known.reshaped(to: [2, 8, 4, 8, 4, 3])
      .sliced([0..<2, 0..<8, 1..<3, 0..<8, 1..<3, 0..<3]).mean(axes: [2, 4]).reshaped(to: [2, 8, 8, 3])
    let corners = batch.holes.reshaped(to: [2, 8, 4, 8, 4, 1]).sliced([0..<2, 0..<8, 0..<1, 0..<8, 0..<1, 0..<1])
      .reshaped(to: [2, 8, 8, 1])
    let features = (dilated + block(encoded, picture: cells, hole: corners)).through(net.conv11, net.conv12)
    let found = model.generator(batch)
    #expect(found.features.largestDifference(from: features) < tolerance(1e-5, 1e-13))
    let picture = features.through(net.conv13, net.conv14, net.conv15, net.conv16, net.conv17)
    #expect(found.pictures.largestDifference(from: clamp(picture, -1, 1)) < tolerance(1e-5, 1e-13))
    // The branch counts.
    #expect(found.features.largestDifference(from: dilated.through(net.conv11, net.conv12)) > 1e-3)
  }

  @Test func `attention can be left out, replaced and joined`() throws {
    func model(_ entries: JSONValue) throws -> SemanticGuidance {
      SemanticGuidance(try AttentionModels.read(SemanticGuidanceConfiguration.self, entries, width: 4), seed: 3)
    }
    let batch = labeledBatch()
    let none = try model([])
    #expect(none.generator.attention.parameterCount == 0)
    let net = none.generator.coarse
    let input = concatenate([batch.known, .ones([2, 32, 32, 1]), batch.holes], axis: -1)
    #expect(areIdentical(none.fill(batch).stages[0].pictures.elements, clamp(net(input), -1, 1).elements))
    for entries: JSONValue in [
      [["at": "parallel", "kind": "contextual"]], [["at": "bottleneck", "kind": "se", "reduction": 2]],
      [["at": "parallel", "kind": "espa"], ["at": "decoder", "scale": 1, "kind": "eca"]],
      [["at": "parallel", "kind": "espa"], ["at": "decoder", "kind": "se", "reduction": 2]],
    ] {
      let prediction = try model(entries).fill(batch)
      #expect(prediction.completed.isFinite)
      #expect(!areIdentical(prediction.completed.elements, none.fill(batch).completed.elements))
    }
  }

  @Test func `what the hole hides plays no part, and known pixels stay`() {
    let (model, batch) = (tinySemanticGuidance(), labeledBatch())
    let other = InpaintingBatch(images: batch.images + batch.holes * 0.5, holes: batch.holes)
    let prediction = model.fill(batch)
    #expect(areIdentical(prediction.completed.elements, model.fill(other).completed.elements))
    #expect(((prediction.completed - batch.images) * (1 - batch.holes)).elements.allSatisfy { $0 == 0 })
    #expect(prediction.stages.map(\.name) == ["coarse"])
  }

  @Test func `a clamp is exact and has no slope outside, tanh has one everywhere`() {
    for output in SemanticGuidanceConfiguration.Output.allCases {
      let model = tinySemanticGuidance { $0.output = output }
      let bias = model.generator.coarse.conv17.bias!
      bias.assign(Tensor(repeating: 3, shape: [3]))
      let batch = labeledBatch()
      let slope = valueWithGradient(at: [bias]) { model.fill(batch).stages[0].pictures.sum() }.gradient[0]
      let pictures = model.fill(batch).stages[0].pictures
      #expect(slope.elements.allSatisfy { ($0 == 0) == (output == .clamp) })
      #expect(pictures.elements.allSatisfy { output == .clamp ? $0 == 1 : $0 < 1 && $0 > 0.9 })
    }
  }

  @Test func `pictures of another size than in training are filled too`() {
    let prediction = tinySemanticGuidance().fill(labeledBatch(size: 48))
    #expect(prediction.completed.isFinite && prediction.completed.shape == [2, 48, 48, 3])
  }

  private struct Unexpected: Error {}
}
