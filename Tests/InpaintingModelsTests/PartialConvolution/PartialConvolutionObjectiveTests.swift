import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PartialConvolutionObjectiveTests {
  private func term(_ name: String, _ terms: [LossTerm]) -> Scalar? { terms.first { $0.name == name }?.value }

  /// A picture of 2x3 pixels of which two are missing; the output is wrong by 1, 2, 3 in the colors everywhere.
  private var small: (batch: InpaintingBatch, output: Tensor) {
    let holes = Tensor([0, 1, 1, 0, 0, 0], shape: [1, 2, 3, 1])
    let images = Tensor.noise("images", [1, 2, 3, 3])
    return (InpaintingBatch(images: images, holes: holes), images + Tensor([1, 2, 3], shape: [3]))
  }

  @Test func `errors in and outside the hole are means over all pixels`() {
    let model = tinyPartialConvolution { $0.losses.totalVariation = 0 }
    let (total, terms) = model.loss(small.batch, small.output)
    #expect(terms.map(\.name) == ["generator", "valid", "hole"])
    #expect(abs((term("valid", terms) ?? 0) - 2 * 4 / 6) < 1e-5)
    #expect(abs((term("hole", terms) ?? 0) - 2 * 2 / 6) < 1e-5)
    #expect(abs(total.scalar - (1 * 8 / 6 + 6 * 4 / 6)) < 1e-5)
  }

  @Test func `total variation is that of the completed picture around the hole`() {
    let model = tinyPartialConvolution {
      $0.losses.valid = 0
      $0.losses.hole = 0
      $0.losses.totalVariation = 2
    }
    // The hole is two pixels wide, so that it grows over all six.
    let completed = small.batch.completed(with: small.output)
    func differences(_ axis: Int) -> Tensor {
      let count = completed.shape[axis]
      return completed.sliced(axis: axis, 1..<count) - completed.sliced(axis: axis, 0..<count - 1)
    }
    let expected = abs(differences(1)).mean() + abs(differences(2)).mean()
    let (total, terms) = model.loss(small.batch, small.output)
    #expect(abs((term("total_variation", terms) ?? 0) - expected.scalar) < 1e-5)
    #expect(abs(total.scalar - 2 * expected.scalar) < 1e-5)
  }

  @Test func `features are compared for the raw and for the completed picture`() throws {
    let folder = try TemporaryFolder()
    let path = try tinyFeatureWeights(in: folder)
    let model = tinyPartialConvolution {
      $0.losses.perceptual = 0.05
      $0.losses.style = 120
      $0.featureWeights = path
    }
    try model.prepareForTraining()
    let features = try #require(model.features)
    let batch = tinyBatch()
    let output = batch.images * 0.5 + 0.1
    let (total, terms) = model.loss(batch, output)
    let pictures = [output, batch.completed(with: output), batch.images].map { features($0) }
    func sum(_ index: Int, _ map: (Tensor) -> Tensor) -> Scalar {
      (0..<3).map { abs(map(pictures[index][$0]) - map(pictures[2][$0])).mean().scalar }.reduce(0, +)
    }
    let (perceptual, raw, filled) = (sum(0) { $0 } + sum(1) { $0 }, sum(0, gramMatrix), sum(1, gramMatrix))
    #expect(abs((term("perceptual", terms) ?? 0) - perceptual) < 1e-4)
    #expect(abs((term("style_output", terms) ?? 0) - raw) < 1e-4)
    #expect(abs((term("style_completed", terms) ?? 0) - filled) < 1e-4)
    #expect(raw > filled && filled > 0)
    var expected: Scalar = 0.05 * perceptual + 120 * (raw + filled)
    for (name, weight) in [("valid", 1), ("hole", 6), ("total_variation", 0.1)] as [(String, Scalar)] {
      expected += weight * (term(name, terms) ?? .nan)
    }
    #expect(abs(total.scalar / expected - 1) < 1e-4)
  }

  @Test func `the features' weights are in no network and do not change`() throws {
    let folder = try TemporaryFolder()
    let path = try tinyFeatureWeights(in: folder)
    let model = tinyPartialConvolution {
      $0.losses.style = 120
      $0.featureWeights = path
    }
    try model.prepareForTraining()
    let features = try #require(model.features)
    let before = features.parameters.map(\.value.elements)
    let adam = Adam(model.generator.namedParameters)
    for _ in 0..<2 {
      try model.trainingStep(
        randomness: .first, nextBatch: { tinyBatch() },
        update: { adam.step(gradients: $0.gradients, learningRate: 1e-3) })
    }
    #expect(features.parameters.map(\.value.elements) == before)
    let owned = model.networks.flatMap { $0.module.parameters }
    #expect(!owned.contains { own in features.parameters.contains { $0 === own } })
  }

  @Test func `a step updates the generator alone, with a gradient for each parameter`() throws {
    let model = tinyPartialConvolution()
    var updates: [NetworkUpdate] = []
    try model.trainingStep(randomness: .first, nextBatch: { tinyBatch() }, update: { updates.append($0) })
    #expect(updates.map(\.network) == ["generator"])
    #expect(updates[0].gradients.map(\.shape) == model.generator.parameters.map(\.shape))
    #expect(updates[0].gradients.allSatisfy { $0.elements.contains { $0 != 0 } })
  }

  @Test func `training on one picture brings the loss down`() throws {
    let model = tinyPartialConvolution()
    let adam = Adam(model.generator.namedParameters)
    let batch = tinyBatch()
    var losses: [Scalar] = []
    for _ in 0..<60 {
      try model.trainingStep(
        randomness: .first, nextBatch: { batch },
        update: { update in
          losses.append(update.terms[0].value)
          adam.step(gradients: update.gradients, learningRate: 5e-3)
        })
    }
    #expect(losses[59] < 0.6 * losses[0])
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"), arguments: [1, 2])
  func `the gradient agrees with finite differences`(_ phase: Int) throws {
    let folder = try TemporaryFolder()
    let path = try tinyFeatureWeights(in: folder)
    let model = tinyPartialConvolution {
      $0.losses.perceptual = 0.05
      $0.losses.style = 120
      $0.featureWeights = path
      $0.phase = phase
      $0.frozen = .statistics
    }
    try model.prepareForTraining()
    let batch = tinyBatch()
    let error = GradientCheck.largestError(at: model.generator.parameters, samples: 2) {
      model.loss(batch, model.generator(batch)).total
    }
    #expect(error < 1e-4)
  }
}

@Suite struct FeatureWeightsTests {
  @Test func `filters are rearranged, the others are as they are`() throws {
    let folder = try TemporaryFolder()
    let file = try WeightFile(path: tinyFeatureWeights(in: folder))
    let network = try VGG16Features(weights: file)
    #expect(network.convolutions.map { $0.weight.shape[3] } == [2, 2, 4, 4, 8, 8, 8])
    let (own, theirs) = (network.convolutions[2].weight.value, try file.tensor("features.5.weight"))
    #expect(own[1, 2, 0, 3] == theirs[3, 0, 1, 2])
    #expect(network.convolutions[6].bias?.value.elements == (try file.tensor("features.14.bias").elements))
  }

  @Test func `a file of another network is refused with the tensor that it lacks`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.safetensors")
    try SafeTensorsWriter.write([("features.0.weight", [2, 3, 5, 5], wave(150))], to: path)
    let failure = #expect(throws: Failure.self) { try VGG16Features(weights: WeightFile(path: path)) }
    #expect(failure?.kind == .data && failure?.message.contains("features.0.weight") == true)
  }

  @Test func `a file that is not there ends training before it begins`() {
    let model = tinyPartialConvolution {
      $0.losses.style = 1
      $0.featureWeights = "/no/such/file.pth"
    }
    let failure = #expect(throws: Failure.self) { try model.prepareForTraining() }
    #expect(failure?.kind == .missingInput)
  }
}
