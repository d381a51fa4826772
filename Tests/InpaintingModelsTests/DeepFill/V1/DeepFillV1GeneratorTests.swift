import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillV1GeneratorTests {
  @Test func `parameters have the names of the authors' layers`() {
    let coarse = (1...17).map { "coarse.conv\($0)" }
    let branches = (1...10).map { "xconv\($0)" } + [1, 2, 3, 4, 5, 6, 9, 10].map { "pmconv\($0)" }
    let refinement = (branches + (11...17).map { "allconv\($0)" }).map { "refinement." + $0 }
    let expected = (coarse + refinement).flatMap { [$0 + ".weight", $0 + ".bias"] }
    #expect(tinyV1().generator.namedParameters.map(\.name) == expected)
    #expect(tinyV1().generator.namedBuffers.isEmpty)
  }

  @Test func `the published networks have the published numbers of parameters`() {
    let published = DeepFillV1(seed: 0)
    #expect(published.networks.map(\.module.parameterCount) == [3_601_542, 7_072_770])
    #expect(published.generator.coarse?.parameterCount == 1_448_227)
    #expect(published.generator.refinement.parameterCount == 2_153_315)
  }

  @Test func `both stages are clipped to -1...1`() {
    let model = tinyV1()
    for bias in [model.generator.coarse!.conv17.bias!, model.generator.refinement.allconv17.bias!] {
      bias.assign(Tensor([-3, 0.25, 3], shape: [3]))
    }
    for stage in model.fill(tinyBatch(size: 32)).stages {
      #expect(stage.pictures.shape == [2, 32, 32, 3])
      let colors = (0..<3).map { Set(stage.pictures.sliced(axis: -1, $0..<$0 + 1).elements) }
      #expect(colors[0] == [-1] && colors[2] == [1] && colors[1].count > 1)
    }
  }

  @Test func `both stages see the holes`() {
    let generator = tinyV1().generator
    let batch = tinyBatch(size: 32)
    let other = InpaintingBatch(images: batch.known, holes: batch.holes.sliced(axis: 0, 1..<2))
    let same = InpaintingBatch(images: batch.known * (1 - other.holes), holes: batch.holes)
    #expect(generator.coarsePictures(other)!.elements != generator.coarsePictures(same)!.elements)
    #expect(generator.refinement.xconv1.weight.shape == [5, 5, 5, 2])
    #expect(generator.refinement.pmconv1.weight.shape == [5, 5, 5, 2])
  }

  @Test func `what lies in the holes is not looked at`() {
    let model = tinyV1()
    let batch = tinyBatch(size: 32)
    let other = InpaintingBatch(
      images: batch.completed(with: .noise("other", [2, 32, 32, 3])), holes: batch.holes)
    for (found, expected) in zip(model.fill(other).stages, model.fill(batch).stages) {
      #expect(found.pictures.elements == expected.pictures.elements)
    }
  }

  @Test func `pictures of any size are filled, each as it is alone`() {
    let model = tinyV1()
    let batch = tinyBatch(size: 40)
    let prediction = model.fill(batch)
    for index in 0..<2 {
      let alone = model.fill(batch.sample(index))
      let completed = prediction.completed.sliced(axis: 0, index..<index + 1)
      #expect(completed.largestDifference(from: alone.completed) < 1e-5)
    }
  }

  @Test func `only pmconv6 has a ReLU`() {
    let refinement = tinyV1().generator.refinement
    for layer in [refinement.pmconv5, refinement.pmconv6, refinement.pmconv9] {
      layer.weight.assign(.zeros(layer.weight.shape))
      layer.bias!.assign(Tensor(repeating: -1, shape: layer.bias!.shape))
    }
    let x = Tensor.noise("x", [1, 4, 4, 8])
    #expect(refinement.pmconv6(x).elements.allSatisfy { $0 == 0 })
    #expect(refinement.pmconv5(x).elements.allSatisfy { $0 < -0.6 })
    #expect(refinement.pmconv9(x).elements.allSatisfy { $0 < -0.6 })
  }

  @Test func `while the first stage trains alone, it is the result`() {
    let batch = tinyBatch(size: 32)
    let whole = tinyV1().fill(batch)
    let alone = tinyV1 { $0.schedule.pretrainsCoarse = true }.fill(batch)
    #expect(alone.stages.map(\.name) == ["coarse"] && whole.stages.map(\.name) == ["coarse", "refined"])
    #expect(alone.completed.elements == batch.completed(with: whole.stages[0].pictures).elements)
  }

  @Test func `attention has a map for each picture`() throws {
    let model = tinyV1()
    let batch = tinyBatch(size: 32)
    let maps = try #require(model.attentionMaps(of: batch))
    #expect(maps.map(\.width) == [4, 4] && maps.map(\.height) == [4, 4])
  }

  @Test func `variance-preserving filters keep the mean square of a layer's input`() {
    var configuration = DeepFillV1Configuration()
    func growth(_ choice: DeepFillInitialization) -> Double {
      configuration.initialization = choice
      let layers = DeepFillLayers<Conv2d>(configuration, initialization: Initialization(seed: 3))
      let x = Tensor.wave([1, 16, 16, 64], frequency: 1.7)
      return Double((square(layers("conv", from: 64, to: 64)(x)).mean() / square(x).mean()).scalar)
    }
    #expect((0.7...1.4).contains(growth(.variancePreserving)))
    #expect(growth(.glorotUniform) < 0.75)
  }
}
