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
      let filling = model.fill(batch.with(.requestedLabels(tinyClasses), request))
      #expect(areIdentical(filling.completed.elements, own.completed.elements))
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
