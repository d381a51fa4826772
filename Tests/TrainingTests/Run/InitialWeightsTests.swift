import Foundation
import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite(.serialized) struct InitialWeightsTests {
  let weights: SmallWeights

  init() throws {
    weights = try SmallWeights()
  }

  /// The terms of a run's first line of metrics, and the same of a step of the loaded model itself.
  private func firstSteps(
    _ configuration: TrainingConfiguration, from path: String, run: String
  ) throws -> (found: [Double], expected: [Double]) {
    _ = try TrainingRun(
      configuration, directory: RunDirectory(run), initialWeights: LoadedModel(path: path), console: .silent
    ).run()
    let line = try #require(
      String(decoding: FileReader.read(run + "/metrics.jsonl"), as: UTF8.self).split(separator: "\n").first)
    let metrics = try JSONValue(parsing: Array(line.utf8), as: .strict, source: "metrics", kind: .data)

    let model = try LoadedModel(path: path).model
    for network in model.networks { network.module.setTraining(true) }
    let state = TrainingState(model, phases: configuration.phases, averageDecay: nil)
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, seed: configuration.training.seed
    ) { _ in }
    let loader = data.loader(batchSize: configuration.training.batchSize, firstBatch: 0) { _ in }
    defer { loader.stop() }
    let step = LeafwiseStep(
      randomness: StepRandomness(seed: configuration.training.seed, step: 0), leafCount: 1,
      source: LoadedBatches(data: data, loader: loader), communicator: SingleProcess(), buffers: []
    ) { update in
      try state.network(named: update.network).update(update.gradients)
    }
    try model.trainingStep(step)
    let terms = step.report.terms
    let found = try terms.map { term in
      guard case .number(let number)? = metrics[term.name]?.content else { throw Failure(.data, term.name) }
      return number.real
    }
    return (found, terms.map { Double($0.value) })
  }

  @Test func `the first step's losses are those of the weights`() throws {
    let layouts = ["kintsugi", "tensorflow"]
    for layout in layouts {
      let path = try weights.converted(to: layout)
      let (found, expected) = try firstSteps(
        SmallRun("training.steps=1").configuration, from: path, run: weights.folder.file("from " + layout))
      #expect(found == expected && found.count == 7)
    }
  }

  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["KINTSUGI_FIXTURES"] != nil, "KINTSUGI_FIXTURES names no folder"))
  func `the first step's losses are those of a public port's weights`() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["KINTSUGI_FIXTURES"])
    // The file has no discriminator: with the published width and this seed both start with the same.
    let configuration = try SmallRun(
      "training.steps=1", "training.batch_size=1", "training.validate_every=0", "training.sample_every=0",
      "data.size=64", "model.width=48", "model.discriminator_width=64", "model.padding=symmetric"
    ).configuration
    let (found, expected) = try firstSteps(
      configuration, from: folder + "/v2_nipponjo_pt.safetensors", run: weights.folder.file("ported"))
    #expect(found == expected && found.count == 7)
  }

  @Test func `a run from weights resumes bit for bit without them`() throws {
    let path = try weights.converted(to: "nipponjo-tf")
    try SmallRun().train(in: weights.folder.file("straight"), initialWeights: LoadedModel(path: path))
    try SmallRun("training.steps=3").train(in: weights.folder.file("broken"), initialWeights: LoadedModel(path: path))
    try FileWriter.remove(path)
    try SmallRun().train(in: weights.folder.file("broken"), resume: .newest)
    for step in [0, 4, 8] {
      #expect(
        try SmallRun.checkpoint(weights.folder.file("straight"), step: step)
          == SmallRun.checkpoint(weights.folder.file("broken"), step: step))
    }
    try SmallRun().train(in: weights.folder.file("fresh"))
    #expect(
      try SmallRun.checkpoint(weights.folder.file("straight"), step: 8)
        != SmallRun.checkpoint(weights.folder.file("fresh"), step: 8))
  }

  @Test func `it begins at step 0 with the weights as they are, optimizers and averages fresh`() throws {
    let path = weights.folder.file("new")
    try SmallRun("training.steps=1").train(in: path, initialWeights: LoadedModel(path: weights.run))
    let (start, own) = (path + "/checkpoints/step-00000000.safetensors", try LoadedModel(path: weights.run))
    #expect(try LoadedModel(path: start).hash == own.hash)
    #expect(try LoadedModel(path: start, usesAverage: false).hash == own.hash)
    let fields = try LoadedCheckpoint(path: start).fields
    #expect(fields.step == 0 && fields.optimizerSteps == [0, 0] && fields.averageUpdates == [0, 0])
  }

  @Test func `what a run started from is written down`() throws {
    let path = weights.folder.file("new")
    let loaded = try LoadedModel(path: weights.run)
    try SmallRun("training.steps=1").train(in: path, initialWeights: loaded)
    try SmallRun("training.steps=2").train(in: path, resume: .newest)
    let note = try JSONValue(
      parsing: FileReader.read(path + "/initial_weights.json"), as: .strict, source: "note", kind: .data)
    #expect(note["hash"] == JSONValue(loaded.hash) && note["description"] == JSONValue(loaded.description))
    #expect(note["networks"] == ["generator", "discriminator"])
    #expect(note["path"]?.write().contains("step-00000002.safetensors") == true)
  }

  @Test func `a run that lost its start is not begun from something else`() throws {
    let path = weights.folder.file("lost")
    try SmallRun("training.steps=1").train(in: path, initialWeights: LoadedModel(path: weights.run))
    for name in try FileReader.names(in: path + "/checkpoints") { try FileWriter.remove(path + "/checkpoints/" + name) }
    let failure = failure { try SmallRun().train(in: path, resume: .newest) }
    #expect(failure?.kind == .data && failure?.message.contains("`initialWeights`") == true)
  }

  @Test func `another network is refused with every difference and its remedy`() throws {
    let path = try weights.converted(to: "nipponjo-tf")
    // As the port's users have it: nothing but tensors.
    let bare = weights.folder.file("bare.safetensors")
    let file = try WeightFile(path: path)
    try SafeTensorsWriter.write(
      file.names.map { ($0, file.shape(of: $0) ?? [], try file.tensor($0).elements) }, to: bare)
    let failure = failure {
      try SmallRun("model.width=8").train(in: weights.folder.file("new"), initialWeights: LoadedModel(path: bare))
    }
    #expect(failure?.kind == .configuration)
    let message = failure?.message ?? ""
    for part in [
      "model.width is 4 there and 8 here", "model.fuse is false there and true here",
      "model.hole_reduction is one_step there and two_steps here", "`model.width=4` ",
      "`model.hole_reduction=one_step` `model.fuse=false`.",
    ] { #expect(message.contains(part), "\(part) in \(message)") }
    #expect(!message.contains("padding") && !FileManager.default.fileExists(atPath: weights.folder.file("new")))
    let remedies = ["model.hole_reduction=one_step", "model.fuse=false"]
    #expect(
      try SmallRun(remedies[0], remedies[1], "training.steps=1").train(
        in: weights.folder.file("mended"), initialWeights: LoadedModel(path: bare)) == .finished)
  }

  @Test func `a missing discriminator is said, and starts fresh`() throws {
    let path = try weights.converted(to: "kintsugi", generatorOnly: true)
    let loaded = try LoadedModel(path: path)
    #expect(loaded.networks == ["generator"])
    let configuration = try SmallRun("model.discriminator_width=8").configuration
    let fresh = configuration.model.makeModel(seed: 7)
    let own = configuration.model.makeModel(seed: 7)
    try loaded.start(fresh, as: configuration, console: .silent)
    let discriminators = [fresh, own].map { $0.networks[1].module.namedParameters[0].parameter.value.elements }
    #expect(discriminators[0] == discriminators[1])
    #expect(
      fresh.networks[0].module.namedParameters[0].parameter.value.elements
        == loaded.values("generator.coarse.conv1.weight"))
  }

  @Test func `attention that the weights know nothing of starts fresh, the rest as it was`() throws {
    let attention = #"model.attention=[{"at": "parallel", "kind": "contextual"}, {"at": "decoder", "kind": "eca"}]"#
    let configuration = try SmallRun(attention).configuration
    let (fresh, own) = (configuration.model.makeModel(seed: 7), configuration.model.makeModel(seed: 7))
    let loaded = try LoadedModel(path: weights.run)
    try loaded.start(fresh, as: configuration, console: .silent)
    var started = 0
    for (entry, before) in zip(fresh.networks[0].module.namedParameters, own.networks[0].module.namedParameters) {
      let isNew = entry.name.contains("attention.layers")
      let expected = isNew ? before.parameter.value.elements : loaded.values("generator." + entry.name)
      #expect(entry.parameter.value.elements == expected, "\(entry.name)")
      started += isNew ? 1 : 0
    }
    #expect(started == 1)
  }

  @Test func `skips that make layers wider are refused`() throws {
    let configuration = try SmallRun(#"model.attention=[{"at": "skip", "kind": "eca"}]"#).configuration
    let model = configuration.model.makeModel(seed: 7)
    let failure = failure {
      try LoadedModel(path: weights.run).start(model, as: configuration, console: .silent)
    }
    #expect(failure?.kind == .configuration && failure?.message.contains("allconv12") == true)
  }

  @Test func `a dry run looks at the weights too`() throws {
    let loaded = try LoadedModel(path: weights.run)
    let directory = RunDirectory(weights.folder.file("none"))
    let lines = try DryRun(SmallRun().configuration, directory: directory, initialWeights: loaded).lines
    #expect(lines.contains { $0.hasPrefix("initial weights: ") && $0.contains("after step 2") })
    let other = try SmallRun("model.fuse=false").configuration
    #expect(failure { _ = try DryRun(other, directory: directory, initialWeights: loaded) }?.kind == .configuration)
  }
}
