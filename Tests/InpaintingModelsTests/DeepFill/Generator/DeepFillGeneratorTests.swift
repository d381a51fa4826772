import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct DeepFillGeneratorTests {
  @Test func `parameters have the names of the authors' layers`() {
    let coarse = (1...17).map { "coarse.conv\($0)" }
    let branches = (1...10).map { "xconv\($0)" } + [1, 2, 3, 4, 5, 6, 9, 10].map { "pmconv\($0)" }
    let refinement = (branches + (11...17).map { "allconv\($0)" }).map { "refinement." + $0 }
    let expected = (coarse + refinement).flatMap { [$0 + ".weight", $0 + ".bias"] }
    #expect(tinyModel().generator.namedParameters.map(\.name) == expected)
    #expect(tinyModel().generator.namedBuffers.isEmpty)
  }

  @Test func `the published networks have the published numbers of parameters`() {
    var configuration = DeepFillV2Configuration()
    func counts() -> [Int] { DeepFillV2(configuration, seed: 0).networks.map(\.module.parameterCount) }
    #expect(counts() == [4_052_478, 5_946_816])
    configuration.takesEdges = true
    #expect(counts() == [4_052_478 + 1_200, 5_946_816 + 1_600])
  }

  @Test func `every parameter starts as its name and the seed say`() {
    for network in tinyModel(seed: 9).networks {
      for (name, parameter) in network.module.namedParameters where name.hasSuffix("weight") {
        var stream = RandomStream(seed: 9, purpose: network.name + "." + name)
        #expect(parameter.value.elements == Initializer.glorotUniform(parameter.shape, &stream).elements)
      }
    }
  }

  @Test func `both stages are pictures between -1 and 1`() {
    let (coarse, refined, _) = tinyModel().generator(tinyBatch())
    #expect(coarse != nil)
    for picture in [coarse, refined].compactMap(\.self) {
      #expect(picture.shape == [2, 16, 16, 3])
      #expect(picture.elements.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test func `what lies in the holes is not looked at`() {
    let model = tinyModel { $0.takesEdges = true }
    let batch = tinyBatch(guided: true)
    let other = InpaintingBatch(
      images: batch.completed(with: .noise("other", [2, 16, 16, 3])), holes: batch.holes,
      conditions: [.edges: batch[.edges]!])
    let (found, expected) = (model.fill(other), model.fill(batch))
    for (stage, expectedStage) in zip(found.stages, expected.stages) {
      #expect(stage.pictures.elements == expectedStage.pictures.elements)
    }
  }

  @Test func `edges count inside the holes, and only there`() {
    let model = tinyModel { $0.takesEdges = true }
    let batch = tinyBatch(guided: true)
    func coarse(_ edges: Tensor) -> [Scalar] {
      model.fill(InpaintingBatch(images: batch.images, holes: batch.holes, conditions: [.edges: edges])).stages[0]
        .pictures
        .elements
    }
    let edges = batch[.edges]!
    #expect(coarse(edges * batch.holes) == coarse(edges))
    #expect(coarse(edges * (1 - batch.holes)) != coarse(edges))
    #expect(model.conditions == [.edges] && tinyModel().conditions.isEmpty)
  }

  @Test func `pictures of a batch are filled as each alone`() {
    let model = tinyModel()
    let batch = tinyBatch()
    let prediction = model.fill(batch)
    for index in 0..<2 {
      let alone = model.fill(batch.sample(index))
      let completed = prediction.completed.sliced(axis: 0, index..<index + 1)
      #expect(completed.largestDifference(from: alone.completed) < 1e-5)
    }
  }

  @Test func `a hole for all is that hole for each`() {
    let model = tinyModel()
    let batch = tinyBatch()
    let hole = batch.holes.sliced(axis: 0, 0..<1)
    let shared = model.fill(InpaintingBatch(images: batch.images, holes: hole))
    let tiled = model.fill(InpaintingBatch(images: batch.images, holes: concatenate([hole, hole], axis: 0)))
    #expect(shared.completed.elements == tiled.completed.elements)
  }

  @Test func `holes come to an eighth in one step or two`() {
    // Rows 0 ... 63, of which one at a time is missing, tell which row is taken.
    func rows(_ reduction: HoleReduction, _ nearest: DeepFillNearest) -> [Int] {
      let numbers = Tensor((0..<64).map { Scalar($0) }, shape: [1, 64, 1, 1]).expanded(to: [1, 64, 64, 1])
      return reduction.reduced(numbers, nearest, by: 8).sliced(axis: 2, 0..<1).elements.map { Int($0) }
    }
    #expect(rows(.twoSteps, .floor) == [0, 8, 16, 24, 32, 40, 48, 56])
    #expect(rows(.oneStep, .floor) == [0, 8, 16, 24, 32, 40, 48, 56])
    #expect(rows(.oneStep, .alignCorners) == [0, 9, 18, 27, 36, 45, 54, 63])
    // 64 to 16 takes i · 4.2, of which 16 to 8 takes 0, 2, 4, 6, 9, 11, 13, 15.
    #expect(rows(.twoSteps, .alignCorners) == [0, 8, 17, 25, 38, 46, 55, 63])
  }

  @Test func `only pmconv6 is gated with a ReLU`() {
    let refinement = tinyModel().generator.refinement
    let x = Tensor.noise("x", [1, 4, 4, 8]) * 10
    // The gate is open, the feature negative.
    for layer in [refinement.pmconv5, refinement.pmconv6, refinement.pmconv9] {
      layer.weight.assign(.zeros(layer.weight.shape))
      layer.bias.assign(Tensor((0..<16).map { $0 < 8 ? -1 : 5 }, shape: [16]))
    }
    #expect(refinement.pmconv6(x).elements.allSatisfy { $0 == 0 })
    #expect(refinement.pmconv5(x).elements.allSatisfy { $0 < -0.6 })
    #expect(refinement.pmconv9(x).elements.allSatisfy { $0 < -0.6 })
  }
}

@Suite struct ShiftedFeaturesTests {
  private let batch = tinyBatch(size: 32)
  private let shift: JSONValue = [["at": "skip", "kind": "shift"]]

  private func terms(of model: any InpaintingModel) throws -> [LossTerm] {
    var terms: [LossTerm] = []
    try model.trainingStep(randomness: .first, nextBatch: { batch }, update: { terms += $0.terms })
    return terms
  }

  @Test func `both DeepFills have the loss where they have a shift connection`() throws {
    for weight in [0.01, 1.0] {
      for model in [
        try AttentionModels.v2(shift, losses: ["shift_guidance": JSONValue(weight)]),
        try AttentionModels.v1(shift, losses: ["shift_guidance": JSONValue(weight)]),
      ] as [any InpaintingModel] {
        let terms = try terms(of: model)
        #expect(terms.contains { $0.name == "shift_guidance" && $0.value > 0 })
      }
    }
    #expect(try !terms(of: AttentionModels.v2(nil)).contains { $0.name == "shift_guidance" })
  }

  @Test func `the target is what the encoder makes of the whole picture`() throws {
    let model = try AttentionModels.v2(shift)
    let path = model.generator.refinement.path
    let shifted = try #require(model.fill(batch).shifted.first)
    let network = model.generator.refinement
    let whole = batch.images.through(
      network.xconv1, network.xconv2, network.xconv3, network.xconv4, network.xconv5, network.xconv6)
    let missing = batch.holes.resizedNearest(height: 8, width: 8)
    let cells = missing.sum().scalar
    let expected = (square(shifted.decoded - whole) * missing).sum().scalar / cells
    let found = shifted.shiftGuidanceLoss(path, whole: batch.images, holes: batch.holes).scalar
    #expect(abs(found - expected) < 1e-5 * max(1, expected))
  }

  @Test func `the loss counts with its weight`() throws {
    func total(_ weight: Double) throws -> (total: Scalar, shift: Scalar) {
      let terms = try terms(of: AttentionModels.v2(shift, losses: ["shift_guidance": JSONValue(weight)]))
      func value(_ name: String) throws -> Scalar { try #require(terms.first { $0.name == name }).value }
      return (try value("generator"), try value("shift_guidance"))
    }
    let (without, with) = (try total(0), try total(2))
    #expect(abs(with.total - without.total - 2 * with.shift) < 1e-4 * max(1, with.shift))
  }
}
