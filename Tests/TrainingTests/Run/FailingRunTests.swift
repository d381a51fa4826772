import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Runs in whose midst something fails: the weights are saved before that is told.
@Suite(.serialized) struct FailingRunTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("run") }

  /// Samples are due at step 4, checkpoints at the end alone.
  private static let rare = ["training.checkpoint_every=0", "training.steps=6"]

  init() throws { folder = try TemporaryFolder() }

  /// A run that goes on after step 2, ready to train.
  private func begun(_ changes: String...) throws -> TrainingRun {
    try SmallRun(Self.rare + changes + ["training.steps=2"]).train(in: path)
    return try TrainingRun(
      SmallRun(Self.rare + changes).configuration, directory: RunDirectory(path), resume: .newest, console: .silent)
  }

  /// Puts a file where a folder was, into which nobody can write then.
  private func block(_ name: String) throws {
    try FileManager.default.moveItem(atPath: path + "/" + name, toPath: folder.file("was-" + name))
    try FileWriter.writeAtomically("", to: path + "/" + name)
  }

  private func unblock(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
    try FileManager.default.moveItem(atPath: folder.file("was-" + name), toPath: path + "/" + name)
  }

  @Test func `a recorder that fails loses nothing, and the run goes on bit for bit`() throws {
    try SmallRun(Self.rare).train(in: folder.file("straight"))
    let run = try begun()
    try block("samples")
    let failed = failure { _ = try run.run() }
    #expect(failed?.kind == .inputOutput)
    #expect(
      failed?.message
        == "\(path)/samples/step-00000004.png: cannot write it (Not a directory); the weights of step 4 are saved: go on from "
        + "there with `resume: true`")
    try unblock("samples")
    try SmallRun(Self.rare).train(in: path, resume: .newest)
    #expect(try SmallRun.checkpoint(path, step: 6) == SmallRun.checkpoint(folder.file("straight"), step: 6))
    #expect(try folder.text(of: "run/metrics.jsonl").split(separator: "\n").count == 6)
  }

  @Test func `where the weights cannot be saved either, both are said`() throws {
    let run = try begun()
    try block("samples")
    try block("checkpoints")
    let failed = failure { _ = try run.run() }
    #expect(failed?.kind == .inputOutput)
    let message = failed?.message ?? ""
    #expect(message.hasPrefix("\(path)/samples/step-00000004.png: cannot write it (Not a directory); "))
    #expect(
      message.contains(
        "; the weights of step 4 could not be saved either: \(path)/checkpoints: cannot make the folder, "))
    #expect(message.hasSuffix("; the checkpoint of step 2 is kept"))
  }

  @Test func `a checkpoint that cannot be written is told once`() throws {
    let run = try begun("training.sample_every=0", "training.validate_every=0")
    try FileManager.default.removeItem(atPath: path + "/checkpoints")
    // The new one cannot take the place of this.
    try FileManager.default.createDirectory(
      atPath: path + "/checkpoints/step-00000006.safetensors/full", withIntermediateDirectories: true)
    let failed = failure { _ = try run.run() }
    #expect(
      failed?.message
        == "\(path)/checkpoints/step-00000006.safetensors: cannot write it (Is a directory); the checkpoint of step 2 is "
        + "kept")
  }

  @Test func `of a folder that has moved the weights stay where it was`() throws {
    let run = try begun()
    try FileManager.default.moveItem(atPath: path, toPath: folder.file("moved"))
    let failed = failure { _ = try run.run() }
    #expect(failed?.kind == .inputOutput && failed?.message.contains("the weights of step 4 are saved") == true)
    #expect(RunPictures(of: RunDirectory(path)) != nil)
    try SmallRun(Self.rare).train(in: path, resume: .newest)
    try SmallRun(Self.rare).train(in: folder.file("straight"))
    #expect(try SmallRun.checkpoint(path, step: 6) == SmallRun.checkpoint(folder.file("straight"), step: 6))
  }

  @Test func `metrics that the disk does not take keep no weights from being saved`() throws {
    let run = Self.rare + ["training.validate_every=0"]
    try SmallRun(run + ["training.steps=2"]).train(in: path)
    try FileWriter.remove(path + "/metrics.jsonl")
    // A device that takes everything, and cannot wait for a disk.
    try FileManager.default.createSymbolicLink(atPath: path + "/metrics.jsonl", withDestinationPath: "/dev/null")
    let failed = failure { try SmallRun(run).train(in: path, resume: .newest) }
    #expect(failed?.kind == .inputOutput && failed?.message.contains("/metrics.jsonl") == true)
    #expect(failed?.message.contains("; the weights of step 6 are saved") == true, "\(failed?.message ?? "none")")
  }

  /// Makes a few pictures.
  private func pictures() throws -> String {
    let pictures = folder.file("pictures")
    try FileWriter.createFolder(pictures)
    for index in 0..<6 {
      let picture = Picture(width: 40, height: 40, filledWith: [UInt8(index * 20), 200, 90])
      try FileWriter.writeAtomically(picture.pngData(), to: "\(pictures)/\(index).png")
    }
    return pictures
  }

  @Test func `what a step has changed in part is not saved`() throws {
    let pictures = try pictures()
    // Nine batches a step, of which three are read ahead.
    let changes = [
      #"model={"name":"deepfill_v1","width":2,"critic_width":2}"#, "optimizers={}", "training.critic_updates=8",
      "training.shared_batch=false", "data.train=\(pictures)", "data.validation_count=0",
    ]
    let run = try TrainingRun(SmallRun(changes).configuration, directory: RunDirectory(path), console: .silent)
    try FileManager.default.moveItem(atPath: pictures, toPath: folder.file("elsewhere"))
    let failed = failure { _ = try run.run() }
    #expect(failed?.kind == .data && failed?.message.hasSuffix("; there is no checkpoint yet") == true)
    #expect(try FileReader.names(in: path + "/checkpoints").isEmpty)
  }

  @Test func `a step that is saved already is not saved again`() throws {
    let pictures = try pictures()
    let changes = ["data.train=\(pictures)", "training.checkpoint_every=1", "training.steps=9"]
    try SmallRun(changes + ["training.steps=2"]).train(in: path)
    let run = try TrainingRun(
      SmallRun(changes).configuration, directory: RunDirectory(path), resume: .newest, console: .silent)
    try FileManager.default.moveItem(atPath: pictures, toPath: folder.file("elsewhere"))
    let failed = failure { _ = try run.run() }
    #expect(failed?.kind == .data && failed?.message.hasSuffix(" is kept") == true, "\(failed?.message ?? "none")")
  }

  @Test func `pictures that are gone cost no step`() throws {
    let pictures = try pictures()
    let changes = [
      "data.train=\(pictures)", "training.shared_batch=false", "training.checkpoint_every=0", "training.sample_every=0",
      "training.validate_every=0", "training.steps=12",
    ]
    try SmallRun(changes).train(in: folder.file("straight"))
    let run = try TrainingRun(SmallRun(changes).configuration, directory: RunDirectory(path), console: .silent)
    try FileManager.default.moveItem(atPath: pictures, toPath: folder.file("elsewhere"))
    let failed = failure { _ = try run.run() }
    // Those that were read ahead make a step or two.
    #expect(failed?.message.contains(" are saved: go on from there") == true, "\(failed?.message ?? "no failure")")
    try FileManager.default.moveItem(atPath: folder.file("elsewhere"), toPath: pictures)
    try SmallRun(changes).train(in: path, resume: .newest)
    #expect(try SmallRun.checkpoint(path, step: 12) == SmallRun.checkpoint(folder.file("straight"), step: 12))
  }
}
