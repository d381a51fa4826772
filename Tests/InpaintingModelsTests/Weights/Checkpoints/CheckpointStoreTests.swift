import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

struct CheckpointStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A store on a file system without links, as `symlink(2)` reports it of FAT.
  private var linkless: CheckpointStore {
    CheckpointStore(folder: folder.path, keep: 2) { path, _ in
      throw Failure.system("write it", path, number: EPERM)
    }
  }

  private func save(_ step: Int, in store: CheckpointStore) throws {
    let fields = CheckpointFields(
      step: step, batches: step, optimizerSteps: [], averageUpdates: [], configuration: "{}")
    try store.save([("a", Tensor([Scalar(step), 2], shape: [2]))], fields: fields)
  }

  private var latest: String { folder.file("latest") }
  private var destination: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: latest) }

  @Test func `latest is a link where there are links`() throws {
    let store = CheckpointStore(folder: folder.path, keep: 2)
    for step in [1, 2] { try save(step, in: store) }
    #expect(destination == "step-00000002.safetensors")
    #expect(CheckpointPointer.target(of: latest) == latest)
  }

  @Test func `where there are none it is a small file, and readers follow it`() throws {
    for step in [1, 2, 3] { try save(step, in: linkless) }
    #expect(destination == nil)
    #expect(try folder.text(of: "latest") == "step-00000003.safetensors\n")
    #expect(folder.names == ["latest", "step-00000002.safetensors", "step-00000003.safetensors"])
    #expect(CheckpointPointer.target(of: latest) == folder.file("step-00000003.safetensors"))
    let checkpoint = try LoadedCheckpoint(path: latest)
    #expect(checkpoint.fields.step == 3 && checkpoint.path == folder.file("step-00000003.safetensors"))
    #expect(try WeightFile(path: latest).tensor("a").elements == [3, 2])
    #expect(try WeightSource(path: latest).file.path == checkpoint.path)
    #expect(try WeightSource(path: folder.path).file.path == checkpoint.path)
  }

  @Test func `a link from elsewhere becomes a file, and a file a link, and no checkpoint is written into`() throws {
    let linking = CheckpointStore(folder: folder.path, keep: 9)
    try save(1, in: linking)
    let first = try FileReader.read(folder.file("step-00000001.safetensors"))
    try save(2, in: linkless)
    #expect(destination == nil && CheckpointPointer.target(of: latest) == folder.file("step-00000002.safetensors"))
    #expect(try FileReader.read(folder.file("step-00000001.safetensors")) == first)
    try save(3, in: linking)
    #expect(destination == "step-00000003.safetensors")
  }

  @Test func `where neither can be made, the failure is told and the checkpoint is there`() throws {
    try FileWriter.createFolder(folder.file("latest/full"))
    #expect(throws: Failure.self) { try save(1, in: linkless) }
    #expect(try LoadedCheckpoint(path: folder.file("step-00000001.safetensors")).fields.step == 1)
  }

  @Test func `a damaged checkpoint is passed over for the one before, and named`() throws {
    let store = CheckpointStore(folder: folder.path, keep: 2)
    for step in [1, 2] { try save(step, in: store) }
    try folder.cut("step-00000002.safetensors", to: 7)
    var sentences: [String] = []
    #expect(try store.newest { sentences.append($0) }?.fields.step == 1)
    #expect(
      sentences == [
        "\(folder.file("step-00000002.safetensors")): expected a safetensors file, found 7 bytes; the checkpoint "
          + "before it is tried."
      ])
  }

  @Test func `no other file is taken for a pointer`() throws {
    for text in ["", "a.safetensors", "step-1", "step-x.safetensors", "../step-1.safetensors", "step-+1.safetensors"] {
      try FileWriter.writeAtomically(text, to: latest)
      #expect(CheckpointPointer.target(of: latest) == latest, "\(text)")
    }
    #expect(CheckpointPointer.target(of: folder.file("none")) == folder.file("none"))
    #expect(CheckpointPointer.target(of: folder.path) == folder.path)
    // One that leads nowhere names what is missing.
    try FileWriter.writeAtomically("step-00000009.safetensors\n", to: latest)
    let failure = #expect(throws: Failure.self) { try LoadedCheckpoint(path: latest) }
    #expect(failure?.kind == .missingInput && failure?.message.contains("step-00000009") == true)
  }
}
