import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support
@testable import Training

@Suite(.serialized) struct WeightConversionTests {
  let weights: SmallWeights

  init() throws {
    weights = try SmallWeights()
  }

  @Test(arguments: ["nipponjo-pt", "nipponjo-tf", "tensorflow"], ColorOrder.allCases)
  func `a file goes there and back without losing a bit`(_ layout: String, _ order: ColorOrder) throws {
    let own = try weights.converted(to: "kintsugi")
    let there = try weights.converted(to: layout, from: own, colorOrder: order)
    let back = try weights.converted(to: "kintsugi", from: there, name: "back.safetensors")
    #expect(try FileReader.read(own) == FileReader.read(back))
    let again = try weights.converted(to: layout, from: back, colorOrder: order, name: "again.safetensors")
    #expect(try FileReader.read(there) == FileReader.read(again))
  }

  @Test func `the weights are those of the run, with its average`() throws {
    let own = try LoadedModel(path: weights.run)
    for layout in ["kintsugi", "nipponjo-pt", "tensorflow"] {
      let loaded = try LoadedModel(path: weights.converted(to: layout))
      #expect(loaded.hash == own.hash && loaded.trainedSize == 32)
      #expect(loaded.plan.section == own.plan.section)
      #expect(loaded.networks == own.networks)
      #expect(loaded.description.contains("moving average after step 2"))
    }
  }

  @Test func `the metadata says what the file is`() throws {
    let file = try WeightFile(path: weights.converted(to: "nipponjo-tf", colorOrder: .bgr, generatorOnly: true))
    let expected = [
      ("format", "kintsugi-weights-1"), ("layout", "nipponjo-tf"), ("model", "deepfill_v2"), ("networks", "generator"),
      ("color_order", "bgr"), ("origin", "moving average after step 2"),
    ]
    for (key, value) in expected { #expect(file.metadata(key) == value) }
    #expect(file.names.allSatisfy { !$0.hasPrefix("G.") } && file.names.count == 84)
    #expect(file.shape(of: "conv2_downsample.conv.weight") == [8, 2, 3, 3])
  }

  @Test func `the order of colors is read in the spelling of earlier versions, too`() throws {
    let path = weights.folder.file("earlier.safetensors")
    for key in ["color_order", "colour_order"] {
      try SafeTensorsWriter.write([(name: "a", shape: [1], values: [1])], metadata: [(key, "bgr")], to: path)
      #expect(try WeightSource(path: path).colorOrder(nil) == .bgr)
    }
  }

  @Test func `a program that computes something else is warned of`() throws {
    let loaded = try LoadedModel(path: weights.run)
    #expect(try WeightConversion(loaded, to: "tensorflow").warnings.isEmpty)
    let warnings = try WeightConversion(loaded, to: "nipponjo-pt").warnings
    #expect(
      warnings.count == 1 && warnings[0].contains("model.padding is \"tensorflow_same\", and \"symmetric\" there"))
  }

  @Test func `layouts and files that cannot be written are refused`() throws {
    let loaded = try LoadedModel(path: weights.run)
    let unknown = failure { _ = try WeightConversion(loaded, to: "caffe") }
    #expect(unknown?.kind == .usage && unknown?.message.contains("nipponjo-tf, tensorflow, kintsugi") == true)
    #expect(failure { _ = try WeightConversion(loaded, to: "kintsugi", colorOrder: .bgr) }?.kind == .usage)
    let path = weights.folder.file("weights.pth")
    #expect(failure { try WeightConversion(loaded, to: "nipponjo-pt").write(to: path) }?.kind == .usage)
  }

  @Test func `the file that is read is not replaced, whatever it is called`() throws {
    let checkpoint = weights.run + "/checkpoints/step-00000002.safetensors"
    let folder = weights.folder
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: weights.run)
    try FileManager.default.createSymbolicLink(atPath: folder.file("w.safetensors"), withDestinationPath: checkpoint)
    let whole = try FileReader.read(checkpoint)
    for source in [weights.run, checkpoint, weights.run + "/checkpoints/latest", folder.file("w.safetensors")] {
      let conversion = try WeightConversion(LoadedModel(path: source), to: "kintsugi")
      for output in [
        checkpoint, weights.run + "/./samples/../checkpoints//step-00000002.safetensors",
        folder.file("link/checkpoints/step-00000002.safetensors"), folder.file("w.safetensors"),
        weights.run + "/checkpoints/latest",
      ] {
        let failure = failure { try conversion.write(to: output) }
        #expect(failure?.kind == .usage, "\(source) to \(output)")
        #expect(failure?.message.contains("\(output): the output would replace the input ") == true)
      }
    }
    // Where `latest` is a small file, that stands for the checkpoint, too.
    let latest = weights.run + "/checkpoints/latest"
    try FileWriter.remove(latest)
    try FileWriter.writeAtomically("step-00000002.safetensors\n", to: latest)
    #expect(
      failure { try WeightConversion(LoadedModel(path: weights.run), to: "kintsugi").write(to: latest) }?.kind == .usage
    )
    #expect(try FileReader.read(checkpoint) == whole)
  }

  @Test func `a missing folder is made`() throws {
    let path = weights.folder.file("new/folder/w.safetensors")
    try WeightConversion(LoadedModel(path: weights.run), to: "kintsugi").write(to: path)
    #expect(try LoadedModel(path: path).hash == LoadedModel(path: weights.run).hash)
  }

  @Test func `a converted file that is damaged is refused`() throws {
    let path = try weights.converted(to: "tensorflow")
    var bytes = try FileReader.read(path)
    bytes[bytes.count - 3] ^= 0x10
    try FileWriter.writeAtomically(bytes, to: path)
    #expect(failure { _ = try LoadedModel(path: path) }?.message.contains("is damaged") == true)
  }
}
