import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PartialConvolutionConfigurationTests {
  private func read(
    model: JSONValue = [:], losses: JSONValue = [:], training: JSONValue = [:]
  ) throws -> PartialConvolutionConfiguration {
    let root = try JSONReader(["model": model, "losses": losses, "training": training], source: "test")
    let configuration = try PartialConvolutionConfiguration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"))
    try root.finish()
    return configuration
  }

  @Test func `absent keys have the published values`() throws {
    let (found, published) = (try read(), PartialConvolutionConfiguration())
    #expect(found.width == 64 && found.levels == 7 && found.rule == .paper && found.phase == 1)
    #expect(found.losses == published.losses && found.featureWeights == nil)
    #expect(published.losses.hole == 6 && published.losses.style == 120 && published.losses.perceptual == 0.05)
    #expect(found.sizeMultiple == 128)
  }

  @Test(arguments: [(512, 7), (384, 7), (256, 7), (128, 7), (64, 5), (192, 6), (32, 4), (8, 2), (4, 2)])
  func `without a number of levels, small pictures are halved less often`(size: Int, levels: Int) throws {
    let root = try JSONReader(["model": [:], "losses": [:], "training": [:]], source: "test")
    let found = try PartialConvolutionConfiguration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"),
      pictureSize: size)
    #expect(found.levels == levels && size.isMultiple(of: found.sizeMultiple))
  }

  @Test func `every key is read`() throws {
    let found = try read(
      model: ["width": 8, "levels": 8, "rule": "naoto0804", "input_scale": "imagenet", "first_bias": true],
      losses: [
        "valid": 2, "hole": 3, "perceptual": 4, "style": 5, "total_variation": 6, "features": ["weights": "file"],
      ], training: ["phase": 2, "frozen": "statistics"])
    #expect(found.width == 8 && found.levels == 8 && found.rule == .naoto0804 && found.inputScale == .imageNet)
    #expect(found.firstBias && found.phase == 2 && found.frozen == .statistics && found.sizeMultiple == 256)
    let losses = found.losses
    #expect(
      [losses.valid, losses.hole, losses.perceptual, losses.style, losses.totalVariation] == [2, 3, 4, 5, 6])
    #expect(found.featureWeights == "file")
  }

  @Test func `each phase has its learning rate`() throws {
    func rates(_ configuration: PartialConvolutionConfiguration) -> [String] {
      configuration.phases.map { "\($0.name) \(configuration.learningRate(of: "generator", in: $0))" }
    }
    #expect(try rates(read()) == ["training 0.0002", "fine_tuning 5e-05"])
    #expect(try rates(read(training: ["phase": 2])) == ["fine_tuning 5e-05"])
  }

  @Test func `fine-tuning goes on from weights, however it is asked for`() throws {
    let (first, second) = (try read(), try read(training: ["phase": 2]))
    #expect(first.reasonForInitialWeights(before: first.phases[0]) == nil)
    #expect(
      first.reasonForInitialWeights(before: first.phases[1])?.text()
        == "`training.phases`: `fine_tuning` goes on from a trained network, expected `training` before it, or weights "
        + "(`initialWeights`), found neither.")
    #expect(
      second.reasonForInitialWeights(before: second.phases[0])?.text().hasPrefix("`training.phase`: 2 goes on") == true)
  }

  @Test func `a phase by its number is none beside phases by their names`() {
    let failure = #expect(throws: Failure.self) {
      try read(training: ["phase": 2, "phases": [["phase": "fine_tuning", "steps": 1]]])
    }
    #expect(failure?.kind == .configuration)
    #expect(
      failure?.message.hasSuffix("`training.phases`: expected no `phase` beside it, found 2; leave out one of the two")
        == true)
  }

  static let faults: [(model: JSONValue, losses: JSONValue, training: JSONValue, key: String)] = [
    (["width": 0], [:], [:], "model.width"), (["levels": 1], [:], [:], "model.levels"),
    (["rule": "none"], [:], [:], "model.rule"), (["input_scale": "unit"], [:], [:], "model.input_scale"),
    ([:], ["hole": -1], [:], "losses.hole"), ([:], ["features": ["weight": "x"]], [:], "losses.features.weight"),
    ([:], [:], ["phase": 3], "training.phase"), ([:], [:], ["frozen": "none"], "training.frozen"),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be built is refused by key`(_ index: Int) {
    let fault = Self.faults[index]
    let failure = #expect(throws: Failure.self) {
      try read(model: fault.model, losses: fault.losses, training: fault.training)
    }
    #expect(failure?.kind == .configuration && failure?.message.contains(fault.key) == true)
  }

  @Test func `features without weights are refused before training, with both ways out`() throws {
    let model = PartialConvolution(try read(model: ["width": 1, "levels": 2]), seed: 0)
    let failure = #expect(throws: Failure.self) { try model.prepareForTraining() }
    #expect(failure?.kind == .configuration)
    for part in ["test", "losses.features.weights=", "losses.perceptual=0", "losses.style=0"] {
      #expect(failure?.message.contains(part) == true)
    }
    // Whoever only fills needs none.
    #expect(model.fill(tinyBatch()).completed.shape == [2, 16, 16, 3])
  }
}
