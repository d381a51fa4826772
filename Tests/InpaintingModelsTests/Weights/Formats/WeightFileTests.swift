import Foundation
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

@Suite struct WeightFormatTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The sentence with which a file is refused, without its path.
  private func refusal(_ bytes: [UInt8], name: String = "w.pth") throws -> String? {
    try FileWriter.writeAtomically(bytes, to: folder.file(name))
    let failure = #expect(throws: Failure.self) { try WeightSource(path: folder.file(name), console: .silent) }
    #expect(failure?.kind == .data)
    return failure?.message.replacing(folder.path + "/", with: "")
  }

  @Test(
    arguments: [
      ("", "an empty file; copy or download it again"),
      (
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "a Git-LFS pointer, which only stands for a file of 12345 bytes; get that with: git lfs pull"
      ),
      (
        " \n<!doctype HTML><html>",
        "a web page; the download asks for something first, so open its address in a browser"
      ),
      (
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>",
        "XML, as servers answer when they refuse a download; open its address in a browser"
      ),
      (
        "{\"weight_map\": {}}",
        "JSON, which describes weights or says why there are none; name the file of the weights themselves"
      ),
      ("Not Found\nreally", "text: \"Not Found\""),
      (" \n\t", "nothing but blanks; copy or download it again"),
      ("Größe", "text: \"Größe\""),
    ])
  func `text is told by what it says`(_ text: String, _ found: String) throws {
    for name in ["w.pth", "w.safetensors", "w"] {
      #expect(try refusal(Array(text.utf8), name: name) == "\(name): expected weights, found \(found).")
    }
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0, 0], "gunzip"), (Array("BZh91AY".utf8), "bunzip2"), ([0xFD] + "7zXZ\0\0".utf8, "unxz"),
      ([0x28, 0xB5, 0x2F, 0xFD, 4], "unzstd"), (Array("Rar!\u{1A}\u{7}".utf8), "RAR"),
      ([0x89] + "HDF\r\n\u{1A}\n".utf8 + [0], "Keras"), ([0x93] + "NUMPY".utf8 + [1, 0], "NumPy"),
      ([0x89] + "PNG\r\n\u{1A}\n".utf8 + [0], "picture"), ([0x80, 4, 0x5D, 0x2E], "pickle that torch.save did not"),
    ] as [([UInt8], String)])
  func `other formats are told by their first bytes`(_ bytes: [UInt8], _ word: String) throws {
    let sentence = try refusal(bytes)
    #expect(sentence?.hasPrefix("w.pth: expected weights, found ") == true && sentence?.contains(word) == true)
  }

  @Test func `the first name in a tar archive tells PyTorch's oldest files from others`() throws {
    func tar(_ name: String) -> [UInt8] {
      Array(name.utf8) + [UInt8](repeating: 0, count: 257 - name.utf8.count) + Array("ustar\0".utf8)
        + [UInt8](repeating: 0, count: 249)
    }
    #expect(try refusal(tar("sys_info"))?.contains("found the format of PyTorch before 0.1.10; save it again") == true)
    #expect(
      try refusal(tar("a/b.pth"))?.contains("first thing in it is \"a/b.pth\", so unpack it first: tar xf") == true)
  }

  @Test func `a TorchScript program is told from weights`() throws {
    let members: [(String, [UInt8])] = [
      ("net/data.pkl", [0x80, 2] + Array("}.".utf8)), ("net/code/__torch__.py", [1]), ("net/constants.pkl", [1]),
    ]
    for method in [0, 8] {
      let sentence = try refusal(TorchFile.zip(members, method: method))
      #expect(sentence?.hasPrefix("w.pth: expected weights, found a TorchScript program with weights in it;") == true)
    }
  }

  @Test func `a checkpoint of TensorFlow is named, whichever part is given`() throws {
    let index: [UInt8] = [0, 1, 2] + [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
    for (name, bytes, found) in [
      ("snap-0.index", index, "the index of a TensorFlow checkpoint"), ("i", index, "the index of a TensorFlow"),
      ("snap-0.data-00000-of-00001", [0, 0xFF, 1], "a part of a TensorFlow checkpoint"),
      ("snap-0.meta", [0x0A, 0xFF, 1], "a part of a TensorFlow checkpoint"),
      ("checkpoint", Array("model_checkpoint_path: \"snap-0\"\n".utf8), "TensorFlow's note on the newest checkpoint"),
    ] as [(String, [UInt8], String)] {
      #expect(try refusal(bytes, name: name)?.hasPrefix("\(name): expected weights, found \(found)") == true)
    }
    for path in [folder.path, folder.file("snap-0")] {
      let failure = #expect(throws: Failure.self) { try WeightSource(path: path, console: .silent) }
      #expect(failure?.kind == .data)
      #expect(failure?.message.hasPrefix("\(path): expected weights, found a TensorFlow checkpoint; save its") == true)
      #expect(failure?.message.contains("load_checkpoint(\"\(path)\")") == true)
    }
    let saved = folder.file("saved")
    try FileWriter.createFolder(saved)
    try FileWriter.writeAtomically("", to: saved + "/saved_model.pb")
    let failure = #expect(throws: Failure.self) { try WeightSource(path: saved, console: .silent) }
    #expect(
      failure?.message.hasPrefix("\(saved): expected weights, found a SavedModel of TensorFlow; save its") == true)
    #expect(failure?.message.contains("load_checkpoint(\"\(saved)/variables/variables\")") == true)
  }

  @Test func `names of parts of checkpoints are known by their endings`() {
    #expect(TensorFlowCheckpoint.stem("a/snap-0.data-00000-of-00001") == "a/snap-0")
    #expect(TensorFlowCheckpoint.stem("x.index") == "x")
    #expect(TensorFlowCheckpoint.stem("x.data-0-of-1") == nil && TensorFlowCheckpoint.stem("x.pth") == nil)
  }
}
