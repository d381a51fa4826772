import Foundation
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct ConfigurationFileTests {
  static let configurations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Configs").path

  @Test func `a path is taken as it is, and a missing one is an error that names it`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("{}", to: folder.file("mine.json"))
    #expect(try ConfigurationFile.locate(folder.file("mine.json")) == folder.file("mine.json"))
    #expect(try ConfigurationFile.locate(folder.file("mine")) == folder.file("mine.json"))
    let failure = failure { _ = try ConfigurationFile.locate(folder.file("other")) }
    #expect(failure?.kind == .missingInput && failure?.message.contains("other") == true)
  }

  @Test func `every configuration of the package can be read`() throws {
    let names = try FileReader.names(in: Self.configurations).filter { $0.hasSuffix(".json") }
    #expect(names.contains("deepfill_v2.json") && names.contains("quickstart.json"))
    for name in names {
      let path = Self.configurations + "/" + name
      _ = try TrainingConfiguration(JSONValue(configurationAt: path), source: path)
    }
  }

  @Test func `the published DeepFill v2 has the published values`() throws {
    let path = Self.configurations + "/deepfill_v2.json"
    let configuration = try TrainingConfiguration(JSONValue(configurationAt: path), source: path)
    #expect(configuration.training.batchSize == 16 && configuration.data.size == 256)
    #expect(configuration.resolved["model"]?["width"] == 48)
    #expect(configuration.optimizers.allSatisfy { $0.beta1 == 0.5 && $0.beta2 == 0.999 })
  }
}
