import Evaluation
import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support
@testable import Training

@Suite struct StartRunTests {
  private static let start = ["model.start=harmonic", "model.width=8", "training.steps=4"]

  @Test func `weights know their start`() throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun(Self.start)
    try run.train(in: folder.path)
    let loaded = try LoadedModel(path: folder.path)
    #expect(loaded.model.conditions == [.start] && loaded.plan.section["start"] == "harmonic")
    let own = failure { _ = try loaded.checkAgreement(with: SmallRun("model.width=8").configuration) }
    #expect(own?.message.contains("model.start is harmonic there and published here") == true)
    try loaded.checkAgreement(with: run.configuration)
  }

  @Test func `no other program's layout takes weights of a start that it does not have`() throws {
    let folder = try TemporaryFolder()
    try SmallRun(Self.start).train(in: folder.path)
    let loaded = try LoadedModel(path: folder.path)
    for layout in ["nipponjo-pt", "nipponjo-tf", "tensorflow"] {
      let refused = failure { _ = try WeightConversion(loaded, to: layout) }
      #expect(refused?.kind == .usage)
      #expect(refused?.message.contains("expected model.start \"published\", found \"harmonic\"") == true)
    }
    let path = folder.file("own.safetensors")
    try WeightConversion(loaded, to: "kintsugi").write(to: path)
    let again = try LoadedModel(path: path)
    #expect(again.hash == loaded.hash && again.model.conditions == [.start])
  }

  @Test func `training, validation and filling begin with the same`() throws {
    let configuration = try SmallRun(Self.start).configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    let loader = data.loader(batchSize: 2, firstBatch: 0) { _ in }
    defer { loader.stop() }
    let batch = try loader.next()
    // Made by the loader's threads.
    #expect(batch.examples.allSatisfy { $0.conditions[.start] != nil })
    let model = configuration.model.makeModel(seed: 0)
    let tensors = data.tensors(of: batch)
    for (index, example) in batch.examples.enumerated() {
      let bare = Example(picture: example.picture, hole: example.hole, name: example.name)
      let row = tensors.initialPictures.sliced(axis: 0, index..<index + 1).elements
      #expect(model.fill([bare]).completed.elements == row)
      // Known pixels of the fill have 32 bits, those of the batch as many as there are.
      let fill = PullPushFill(example.picture, hole: example.hole).values
      #expect(zip(fill, row).allSatisfy { abs(Double($0) - Double($1)) <= tolerance(0, 1e-6) })
    }
    let validation = try #require(try data.validation { _ in })
    // A fresh network is as good as the fill that it begins with, which is nearly exact.
    #expect(try abs(validation.quality(of: model).psnr - validation.harmonic.psnr) < 0.1)
    for picture in validation.pictures {
      #expect(model.fill(picture).completed.elements == picture.initialPictures.elements)
    }
  }

  @Test func `a run that is interrupted goes on bit for bit`() throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun(Self.start)
    try run.train(in: folder.file("whole"))
    try SmallRun(Self.start + ["training.steps=2"]).train(in: folder.file("parts"))
    try run.train(in: folder.file("parts"), resume: .newest)
    #expect(
      try SmallRun.checkpoint(folder.file("whole"), step: 4) == SmallRun.checkpoint(folder.file("parts"), step: 4))
  }

  @Test(arguments: ["harmonic", "patches"], ["deepfill_v2", "partial_convolution"])
  func `any start of any model trains, is known to its weights and goes on bit for bit`(
    _ start: String, _ model: String
  ) throws {
    let folder = try TemporaryFolder()
    let sizes = model == "deepfill_v2" ? #""width":8,"discriminator_width":2"# : #""width":4,"levels":3"#
    let losses = model == "deepfill_v2" ? "losses={}" : #"losses={"perceptual":0,"style":0}"#
    func run(steps: Int) throws -> SmallRun {
      try SmallRun(
        #"model={"name":"\#(model)",\#(sizes),"start":"\#(start)"}"#, losses, "optimizers={}", "training.steps=\(steps)"
      )
    }
    let whole = try run(steps: 4)
    try whole.train(in: folder.file("whole"))
    try run(steps: 2).train(in: folder.file("parts"))
    try whole.train(in: folder.file("parts"), resume: .newest)
    #expect(
      try SmallRun.checkpoint(folder.file("whole"), step: 4) == SmallRun.checkpoint(folder.file("parts"), step: 4))
    let loaded = try LoadedModel(path: folder.file("whole"))
    #expect(loaded.model.conditions == [start == "patches" ? .patches : .start])
    let layouts = ["deepfill_v2": "nipponjo-pt", "partial_convolution": "mmagic"]
    let refused = failure { _ = try WeightConversion(loaded, to: layouts[model] ?? "") }
    #expect(refused?.kind == .usage)
    let data = try TrainingData(
      whole.configuration.data, holes: whole.configuration.holes, conditions: whole.configuration.model.conditions,
      seed: 0
    ) { _ in }
    let validation = try #require(try data.validation { _ in })
    let fresh = whole.configuration.model.makeModel(seed: 0)
    for picture in validation.pictures {
      #expect(fresh.fill(picture).completed.elements == picture.initialPictures.elements)
    }
  }

  @Test func `DeepFill v1 trains from it against its critics`() throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun(
      #"model={"name":"deepfill_v1","width":4,"critic_width":2,"start":"harmonic"}"#, "optimizers={}",
      "training.steps=3")
    try run.train(in: folder.path)
    let loaded = try LoadedModel(path: folder.path, usesAverage: false)
    let last = try #require(loaded.values("generator.refinement.allconv17.weight"))
    #expect(last.contains { $0 != 0 })
  }
}
