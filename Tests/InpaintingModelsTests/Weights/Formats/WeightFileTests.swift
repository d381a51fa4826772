import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct WeightFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `the first bytes tell the format, whatever the name`() throws {
    let value = TorchValue.dictionary([("a", .tensor([1, 2], shape: [2, 1]))])
    try FileWriter.writeAtomically(TorchFile.bytes(value), to: folder.file("weights.bin"))
    try SafeTensorsWriter.write([("a", [2, 1], [1, 2])], metadata: [("format", "pt")], to: folder.file("weights"))
    for (name, format) in [("weights.bin", nil), ("weights", "pt")] {
      let file = try WeightFile(path: folder.file(name))
      #expect(file.names == ["a"] && file.shape(of: "a") == [2, 1] && file.shape(of: "b") == nil)
      #expect(try file.tensor("a").elements == [1, 2])
      #expect(file.metadata("format") == format)
      #expect(throws: Failure.self) { try file.tensor("b") }
    }
  }

  @Test func `a name that says another format changes nothing`() throws {
    let value = TorchValue.dictionary([("a", .tensor([1, 2], shape: [2, 1]))])
    try FileWriter.writeAtomically(TorchFile.bytes(value), to: folder.file("torch.safetensors"))
    try FileWriter.writeAtomically(TorchFile.legacy(value), to: folder.file("old.safetensors"))
    try SafeTensorsWriter.write([("a", [2, 1], [1, 2])], to: folder.file("safe.pth"))
    for name in ["torch.safetensors", "old.safetensors", "safe.pth"] {
      #expect(try WeightFile(path: folder.file(name)).tensor("a").elements == [1, 2])
    }
  }

  @Test func `what is unknown is refused for what its name says`() throws {
    for (name, word) in [("noise.pth", "torch.save"), ("noise.safetensors", "safetensors")] {
      try FileWriter.writeAtomically([1, 2, 3, 0, 0xFF, 0xFE, 7, 8, 9], to: folder.file(name))
      let failure = #expect(throws: Failure.self) { try WeightFile(path: folder.file(name)) }
      #expect(failure?.kind == .data && failure?.message.contains(word) == true)
    }
    let missing = #expect(throws: Failure.self) { try WeightFile(path: folder.file("none.pth")) }
    #expect(missing?.kind == .missingInput)
  }
}
