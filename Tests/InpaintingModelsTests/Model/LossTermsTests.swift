import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import NeuralNetworks
@testable import Support

@Suite struct PerceptualTermTests {
  /// A file of SqueezeNet with noise for weights.
  private func weights(in folder: TemporaryFolder) throws -> String {
    let path = folder.file("squeeze.safetensors")
    let weights = PerceptualNetwork.squeeze.makeTrunk().portedWeights
    try SafeTensorsWriter.write(
      weights.map { ($0.name, $0.shape, (Tensor.noise($0.name, $0.shape) * 0.1).elements) }, to: path)
    return path
  }

  private func batch() -> InpaintingBatch { tinyBatch(size: 32) }

  private func model(_ path: String?) -> DeepFillV2 {
    tinyModel {
      $0.losses.adversarial = 0
      $0.losses.perceptual = 2
      $0.features.network = .squeeze
      $0.features.weights = path
    }
  }

  @Test func `the term is the distance of features, and moves the generator`() throws {
    let folder = try TemporaryFolder()
    let model = model(try weights(in: folder))
    try model.prepareForTraining()
    let (total, terms) = model.generatorLoss(batch(), model.fill(batch()))
    let term = try #require(terms.first { $0.name == "perceptual" }?.value)
    let trunk = try #require(model.perceptual)
    let completed = model.fill(batch()).completed
    let expected = zip(trunk.activations(completed), trunk.activations(batch().images)).reduce(0) {
      $0 + Double(meanAbsoluteError($1.0, $1.1).scalar)
    }
    #expect(abs(Double(term) - expected) < 1e-4 * expected && expected > 0)
    let others = terms.dropFirst().filter { $0.name != "perceptual" }.reduce(0) { $0 + $1.value }
    #expect(abs(total.scalar - others - 2 * term) < 1e-4 * total.scalar)
    let gradients = valueWithGradient(at: model.generatorParameters) {
      trunk.distance(model.fill(batch()).completed, batch().images)
    }.gradient
    #expect(gradients.last?.elements.contains { $0 != 0 } == true)
    #expect(model.networks.flatMap { $0.module.namedParameters }.allSatisfy { !$0.name.contains("features") })
  }

  @Test func `without weights, or with those of another network, training does not begin`() throws {
    let missing = #expect(throws: Failure.self) { try model(nil).prepareForTraining() }
    #expect(missing?.kind == .configuration && missing?.message.contains("SqueezeNet 1.1") == true)
    let folder = try TemporaryFolder()
    let path = folder.file("other.safetensors")
    try SafeTensorsWriter.write([("features.0.weight", [2, 3, 5, 5], [Scalar](repeating: 0, count: 150))], to: path)
    #expect(#expect(throws: Failure.self) { try model(path).prepareForTraining() }?.kind == .data)
    #expect(#expect(throws: Failure.self) { try model("/no/such/file").prepareForTraining() }?.kind == .missingInput)
  }

  @Test func `keys are read where the term has a weight, and pictures are large enough`() throws {
    func read(_ losses: JSONValue, size: Int = 64) throws -> DeepFillV2Configuration {
      let root = try JSONReader(["model": [:], "losses": losses, "training": [:]], source: "test")
      let configuration = try DeepFillV2Configuration(
        model: root.object("model"), losses: root.object("losses"), training: root.object("training"), pictureSize: size
      )
      try root.finish()
      return configuration
    }
    let features: JSONValue = ["network": "alex", "weights": "a.pth"]
    let configuration = try read(["perceptual": 0.5, "features": features])
    #expect(configuration.features.network == .alex && configuration.features.weights == "a.pth")
    #expect(throws: Failure.self) { _ = try read(["features": features]) }
    let small = #expect(throws: Failure.self) { _ = try read(["perceptual": 1, "features": features], size: 16) }
    #expect(small?.message.contains("at least 32x32") == true)
  }
}
