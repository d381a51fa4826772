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

  @Test func `what is neither is refused for what its name says`() throws {
    for (name, word) in [("page.pth", "torch.save"), ("page.safetensors", "safetensors")] {
      try FileWriter.writeAtomically("<!DOCTYPE html><html></html>", to: folder.file(name))
      let failure = #expect(throws: Failure.self) { try WeightFile(path: folder.file(name)) }
      #expect(failure?.kind == .data && failure?.message.contains(word) == true)
    }
    let missing = #expect(throws: Failure.self) { try WeightFile(path: folder.file("none.pth")) }
    #expect(missing?.kind == .missingInput)
  }
}
