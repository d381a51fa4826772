import Foundation
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support
@testable import Training

@Suite(.serialized) struct LoadedModelTests {
  let weights: SmallWeights
  var latest: String { weights.run + "/checkpoints/latest" }

  init() throws {
    weights = try SmallWeights()
  }

  @Test func `where latest is a small file it is followed by whatever reads weights, and a run goes on from it`() throws
  {
    let hash = try LoadedModel(path: latest).hash
    try FileWriter.remove(latest)
    try FileWriter.writeAtomically("step-00000002.safetensors\n", to: latest)
    let loaded = try LoadedModel(path: latest)
    #expect(loaded.hash == hash && loaded.path.hasSuffix("checkpoints/step-00000002.safetensors"))
    #expect(try LoadedModel(path: weights.run).hash == hash)
    let converted = weights.folder.file("converted.safetensors")
    try WeightConversion(loaded, to: "kintsugi").write(to: converted)
    #expect(try LoadedModel(path: converted).hash == hash)
    #expect(try SmallRun("training.steps=3").train(in: weights.run, resume: .file(latest)) == .finished)
    #expect(try SmallRun("training.steps=4").train(in: weights.run, resume: .newest) == .finished)
    #expect(CheckpointPointer.target(of: latest) == latest)
  }

  @Test func `a run directory, its checkpoints, the link and the file are the same weights`() throws {
    let paths = [
      weights.run, weights.run + "/checkpoints", latest, weights.run + "/checkpoints/step-00000002.safetensors",
    ]
    let loaded = try paths.map { try LoadedModel(path: $0) }
    #expect(Set(loaded.map(\.hash)).count == 1)
    for model in loaded {
      #expect(model.name == "deepfill_v2" && model.trainedSize == 32)
      #expect(model.networks == ["generator", "discriminator"])
      #expect(model.description == "deepfill_v2, moving average after step 2: generator and discriminator")
    }
  }

  @Test func `the moving average is read unless it is declined`() throws {
    let name = "coarse.conv3.weight"
    let average = try SmallWeights.tensor("average.generator." + name, of: latest)
    let newest = try SmallWeights.tensor("generator." + name, of: latest)
    #expect(!areIdentical(average, newest))
    let (averaged, declined) = (try LoadedModel(path: latest), try LoadedModel(path: latest, usesAverage: false))
    #expect(areIdentical(try #require(averaged.values("generator." + name)), average))
    #expect(areIdentical(try #require(declined.values("generator." + name)), newest))
    #expect(declined.description == "deepfill_v2, after step 2: generator and discriminator")
    for name in ["discriminator.conv2.weight", "discriminator.conv2.spectralNorm.u"] {
      #expect(areIdentical(try #require(averaged.values(name)), try SmallWeights.tensor(name, of: latest)))
    }
  }

  @Test func `a loaded model fills as its run did, and its singular vectors rest`() throws {
    let loaded = try LoadedModel(path: latest)
    let pictures = Tensor.noise("pictures", [1, 32, 32, 3])
    let before = loaded.values("discriminator.conv1.spectralNorm.u")
    for network in loaded.model.networks {
      guard let discriminator = network.module as? PatchDiscriminator else { continue }
      _ = discriminator(pictures, conditions: [.zeros([1, 32, 32, 1])])
    }
    #expect(loaded.values("discriminator.conv1.spectralNorm.u") == before)
  }

  @Test func `a run without an average has its newest weights`() throws {
    let path = weights.folder.file("plain")
    try SmallRun("training.steps=1", "training.average_decay=null").train(in: path)
    #expect(try LoadedModel(path: path).hash == LoadedModel(path: path, usesAverage: false).hash)
  }

  @Test func `damage is noticed, and in a run directory passed over`() throws {
    let path = weights.folder.file("damaged")
    try SmallRun("training.steps=4").train(in: path)
    let newest = path + "/checkpoints/step-00000004.safetensors"
    var bytes = try FileReader.read(newest)
    bytes[bytes.count - 5] ^= 1
    try FileWriter.writeAtomically(bytes, to: newest)
    #expect(failure { _ = try LoadedModel(path: newest) }?.kind == .data)
    let source = try WeightSource(path: path, console: .silent)
    #expect(source.file.path.hasSuffix("step-00000002.safetensors") && source.isOwn)
  }

  @Test func `what is not there, or is no folder of a run, is said`() throws {
    #expect(failure { _ = try LoadedModel(path: weights.folder.file("none")) }?.kind == .missingInput)
    #expect(failure { _ = try LoadedModel(path: weights.folder.path) }?.kind == .missingInput)
  }

  @Test func `a discriminator alone fills nothing`() throws {
    let source = try LoadedModel(path: latest)
    let layout = try WeightLayout.named("nipponjo-pt", for: source.plan)
    let tensors = layout.tensors(of: source.model, networks: ["discriminator"], colorOrder: .rgb)
    let path = weights.folder.file("d.safetensors")
    try SafeTensorsWriter.write(tensors.map { ($0.name, $0.value.shape, $0.value.elements) }, to: path)
    #expect(failure { _ = try LoadedModel(path: path) }?.message.contains("expected a generator") == true)
  }

  @Test func `colors are what the file says, and contradiction is refused`() throws {
    let blue = try weights.converted(to: "tensorflow", colorOrder: .bgr)
    #expect(try LoadedModel(path: blue).hash == LoadedModel(path: latest).hash)
    #expect(try LoadedModel(path: blue, colorOrder: .bgr).hash == LoadedModel(path: latest).hash)
    #expect(failure { _ = try LoadedModel(path: blue, colorOrder: .rgb) }?.kind == .usage)
    #expect(failure { _ = try LoadedModel(path: latest, colorOrder: .bgr) }?.kind == .usage)
  }

  @Test func `a PyTorch file of several dictionaries is read, and its colors turned`() throws {
    let own = try LoadedModel(path: latest)
    let layout = try WeightLayout.named("nipponjo-tf", for: own.plan)
    func dictionary(_ network: String, _ order: ColorOrder) -> TorchValue {
      .dictionary(
        layout.tensors(of: own.model, networks: [network], colorOrder: order).map { tensor in
          (tensor.name, .tensor(tensor.value.elements.map { Float($0) }, shape: tensor.value.shape))
        })
    }
    let path = weights.folder.file("states.pth")
    for order in ColorOrder.allCases {
      let parts: [(String, TorchValue)] = [
        ("n_iter", .integer(7)), ("G", dictionary("generator", order)), ("D", dictionary("discriminator", order)),
        ("G_optim", .dictionary([("state", .dictionary([("0", .tensor([1], shape: [1]))]))])),
      ]
      try FileWriter.writeAtomically(TorchFile.bytes(.dictionary(parts)), to: path)
      let loaded = try LoadedModel(path: path, colorOrder: order)
      #expect(loaded.networks == ["generator", "discriminator"] && loaded.trainedSize == 256)
      #expect(loaded.description.contains("nipponjo-tf") && loaded.description.contains("blue") == (order == .bgr))
      let name = "discriminator.conv1.weight"
      #expect(
        largestDifference(try #require(loaded.values(name)), try #require(own.values(name))) < 1e-7)
      if !isDoublePrecision { #expect(loaded.hash == own.hash) }
    }
  }
}
