import Foundation
import InpaintingModels
import Kernels
import Support
import TestSupport
import Testing

@testable import Training

@Suite struct ResumeRequestTests {
  /// The notices of a run that is resumed from a checkpoint.
  private func warnings(_ file: String, _ run: SmallRun) throws -> String {
    let pipe = Pipe()
    let console = Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: false)
    try LoadedCheckpoint(path: file).checkAgreement(with: run.configuration, console: console)
    try pipe.fileHandleForWriting.close()
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  /// The checkpoint of a short run, with one text of its metadata in another's place.
  ///
  /// - Precondition: Both are of one length.
  private func checkpoint(_ run: SmallRun, in folder: TemporaryFolder, _ text: String, becomes other: String) throws
    -> String
  {
    precondition(text.utf8.count == other.utf8.count, "ResumeRequestTests: the header's length must stay")
    try run.train(in: folder.file("run"))
    var bytes = Data(try SmallRun.checkpoint(folder.file("run"), step: 1))
    let range = try #require(bytes.firstRange(of: Data(text.utf8)))
    bytes.replaceSubrange(range, with: Data(other.utf8))
    let path = folder.file("changed.safetensors")
    try bytes.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `a checkpoint of another back end, or of another instruction set, is one that does not go on bit for bit`()
    throws
  {
    let folder = try TemporaryFolder()
    let run = try SmallRun("training.steps=1")
    let build = InstructionSet.ofBuild.rawValue
    let other = String(repeating: "x", count: build.utf8.count)
    let path = try checkpoint(
      run, in: folder, "\"instruction_set\":\"\(build)\"", becomes: "\"instruction_set\":\"\(other)\"")
    let untouched = try LoadedCheckpoint(path: folder.file("run/checkpoints/latest"))
    #expect(untouched.fields.instructionSet == build)
    #expect(untouched.fields.backEnd == ConvolutionMethod.backEnd.rawValue)
    #expect(try warnings(untouched.path, run) == "")
    #expect(try warnings(path, run).contains("written by a build for \(other), and this is one for \(build): the run"))
    let backEnd = try #require(GEMM.BackEnd.allCases.first { $0 != GEMM.backEnd })
    let said = try GEMM.$ofTask.withValue(backEnd) { try warnings(untouched.path, run) }
    #expect(
      said.contains("with matrix products by \(GEMM.backEnd.rawValue), and these are by \(backEnd.rawValue): the run"))
  }

  @Test func `a checkpoint of before these were recorded goes on in silence`() throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun("training.steps=1")
    let path = try checkpoint(run, in: folder, "\"instruction_set\":", becomes: "\"instruction_old\":")
    #expect(try LoadedCheckpoint(path: path).fields.instructionSet == nil)
    #expect(try warnings(path, run) == "")
  }
}
