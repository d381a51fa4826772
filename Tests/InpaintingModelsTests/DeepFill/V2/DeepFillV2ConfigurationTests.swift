import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct DeepFillV2ConfigurationTests {
  private func read(
    model: JSONValue = [:], losses: JSONValue = [:], training: JSONValue = [:]
  ) throws -> DeepFillV2Configuration {
    let root = try JSONReader(["model": model, "losses": losses, "training": training], source: "test")
    let configuration = try DeepFillV2Configuration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"))
    try root.finish()
    return configuration
  }

  @Test func `absent keys have the published values`() throws {
    #expect(try read() == DeepFillV2Configuration())
    #expect(DeepFillV2Configuration().width == 48 && DeepFillV2Configuration().discriminatorWidth == 64)
  }

  @Test func `symmetric padding brings what goes with it in the public weights`() throws {
    #expect(try read(model: ["padding": "symmetric"]) == .symmetric)
    #expect(try read(model: ["padding": "symmetric", "nearest": "align_corners"]).nearest == .alignCorners)
  }

  @Test func `every key is read`() throws {
    let read = try read(
      model: [
        "width": 8, "discriminator_width": 6, "padding": "tensorflow_same", "nearest": "floor",
        "start": "harmonic", "hole_reduction": "one_step", "initialization": "variance_preserving", "fuse": false,
        "guidance": true,
      ], losses: ["adversarial": 2, "coarse": 3, "refined": 4],
      training: ["shared_batch": false, "checkpoint_activations": true])
    var expected = DeepFillV2Configuration()
    expected.width = 8
    expected.discriminatorWidth = 6
    expected.nearest = .floor
    expected.start = .harmonic
    expected.holeReduction = .oneStep
    expected.initialization = .variancePreserving
    expected.fuse = false
    expected.takesEdges = true
    expected.losses.adversarial = 2
    expected.losses.coarse = 3
    expected.losses.refined = 4
    expected.sharedBatch = false
    expected.checkpointsActivations = true
    #expect(read == expected)
  }

  static let faults: [(model: JSONValue, losses: JSONValue, key: String)] = [
    (["width": 0], [:], "width"), (["width": 50], [:], "width"),
    (["discriminator_width": 0], [:], "discriminator_width"),
    ([:], ["adversarial": -1], "losses.adversarial"), (["padding": "reflect"], [:], "model.padding"),
    (["stages": 1], [:], "`stages`: 1"), (["stages": 3], [:], "model.stages"),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be built is refused by key`(_ index: Int) {
    let fault = Self.faults[index]
    let failure = #expect(throws: Failure.self) { try read(model: fault.model, losses: fault.losses) }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains(fault.key) == true)
  }

  @Test func `variance-preserving filters keep the mean square of a gated layer's input`() {
    var configuration = DeepFillV2Configuration()
    configuration.width = 32
    func growth(_ choice: DeepFillInitialization) -> Double {
      configuration.initialization = choice
      let layers = DeepFillLayers<GatedConv2d>(configuration, initialization: Initialization(seed: 3))
      let x = Tensor.wave([1, 16, 16, 64], frequency: 1.7)
      let y = layers("conv", from: 64, to: 64)(x)
      return Double((square(y).mean() / square(x).mean()).scalar)
    }
    #expect((0.6...1.6).contains(growth(.variancePreserving)))
    #expect(growth(.glorotUniform) < 0.3)
  }
}
