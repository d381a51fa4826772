import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct DeepFillV1ConfigurationTests {
  private func read(
    model: JSONValue = [:], losses: JSONValue = [:], training: JSONValue = [:], pictureSize: Int? = nil
  ) throws -> DeepFillV1Configuration {
    let root = try JSONReader(["model": model, "losses": losses, "training": training], source: "test")
    let configuration = try DeepFillV1Configuration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"),
      pictureSize: pictureSize)
    try root.finish()
    return configuration
  }

  @Test func `absent keys have the published values`() throws {
    #expect(try read() == DeepFillV1Configuration())
    #expect(try read(pictureSize: 256) == DeepFillV1Configuration())
    let published = DeepFillV1Configuration()
    #expect(published.width == 32 && published.criticWidth == 64 && published.localSize == 128)
    #expect(published.losses.adversarial == 0.001 && published.losses.coarse == 1.2)
    #expect(published.schedule.criticUpdates == 5 && !published.schedule.sharesBatch)
  }

  @Test func `symmetric padding brings what goes with it in the public weights`() throws {
    #expect(try read(model: ["padding": "symmetric"]) == .ported)
    #expect(try read(model: ["padding": "symmetric", "attention_length": "floored"]).attentionLength == .floored)
  }

  @Test func `every key is read`() throws {
    let read = try read(
      model: [
        "width": 8, "critic_width": 6, "narrow_local_critic": true, "padding": "tensorflow_same", "nearest": "floor",
        "start": "harmonic", "hole_reduction": "one_step", "initialization": "variance_preserving", "fuse": false,
        "attention_reduction": "stride", "attention_length": "offset", "picture_size": 96, "local_size": 32,
      ],
      losses: [
        "adversarial": 2, "global_adversarial": 3, "reconstruction": 4, "autoencoding": 5, "coarse": 6,
        "gradient_penalty": 7, "spatial_discount": 0.5, "penalty_region": "picture", "error_region": "hole",
      ],
      training: [
        "critic_updates": 3, "shared_batch": true, "pretrain_coarse": true, "checkpoint_activations": true,
      ], pictureSize: 96)
    var expected = DeepFillV1Configuration()
    expected.width = 8
    expected.criticWidth = 6
    expected.hasNarrowLocalCritic = true
    expected.pictureSize = 96
    expected.localSize = 32
    expected.nearest = .floor
    expected.start = .harmonic
    expected.holeReduction = .oneStep
    expected.initialization = .variancePreserving
    expected.fuse = false
    expected.attentionReduction = .stride
    expected.attentionLength = .offset
    expected.checkpointsActivations = true
    expected.losses.adversarial = 2
    expected.losses.globalAdversarial = 3
    expected.losses.reconstruction = 4
    expected.losses.autoencoding = 5
    expected.losses.coarse = 6
    expected.losses.gradientPenalty = 7
    expected.losses.spatialDiscount = 0.5
    expected.losses.penaltyRegion = .picture
    expected.losses.errorRegion = .hole
    expected.schedule.criticUpdates = 3
    expected.schedule.sharesBatch = true
    expected.schedule.pretrainsCoarse = true
    #expect(read == expected)
  }

  @Test(arguments: [(64, 32), (96, 48), (80, 32), (16, 16)])
  func `the critics' sizes follow those of the pictures`(_ size: Int, _ local: Int) throws {
    let read = try read(pictureSize: size)
    #expect(read.pictureSize == size && read.localSize == local)
  }

  @Test func `a model for smaller pictures keeps the proportions`() {
    let small = DeepFillV1Configuration().resized(toPictures: 64)
    #expect(small.pictureSize == 64 && small.localSize == 32 && small.width == 32)
    var narrow = DeepFillV1Configuration()
    narrow.localSize = 16
    #expect(narrow.resized(toPictures: 64).localSize == 16)
  }

  static let faults: [(model: JSONValue, losses: JSONValue, training: JSONValue, size: Int?, key: String)] = [
    (["width": 0], [:], [:], nil, "width"), (["width": 7], [:], [:], nil, "width"),
    (["critic_width": 0], [:], [:], nil, "critic_width"),
    ([:], ["adversarial": -1], [:], nil, "losses.adversarial"),
    ([:], ["spatial_discount": 0], [:], nil, "losses.spatial_discount"),
    ([:], ["spatial_discount": 1.1], [:], nil, "losses.spatial_discount"),
    ([:], ["penalty_region": "none"], [:], nil, "losses.penalty_region"),
    ([:], [:], ["critic_updates": 0], nil, "training.critic_updates"),
    (["picture_size": 128], [:], [:], 256, "data.size"), ([:], [:], [:], 72, "data.size"),
    (["local_size": 24], [:], [:], 64, "local_size"), (["local_size": 80], [:], [:], 64, "local_size"),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be built is refused by key`(_ index: Int) {
    let fault = Self.faults[index]
    let failure = #expect(throws: Failure.self) {
      try read(model: fault.model, losses: fault.losses, training: fault.training, pictureSize: fault.size)
    }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains(fault.key) == true)
  }
}
