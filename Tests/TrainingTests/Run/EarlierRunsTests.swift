import Foundation
import InpaintingData
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Runs of four steps of small models on built-in pictures of 32 x 32, as the program of November 2026 wrote them: the
/// configuration, the checkpoint after two steps, every step's losses, and what `inpaint` made with that checkpoint of the
/// picture below. They must load, fill and go on whatever has changed since.
@Suite(.serialized) struct EarlierRunsTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  static let models = ["deepfill_v2", "deepfill_v1", "partial_convolution"]

  @Test(arguments: models) func `weights of an earlier program fill as they did`(model: String) throws {
    let folder = Self.fixtures + "/" + model
    let loaded = try LoadedModel(path: folder)
    #expect(loaded.name == model)
    #expect(loaded.trainedSize == 32)
    let image = Tensor(
      (0..<32 * 32).flatMap { pixel -> [Scalar] in
        let (y, x) = pixel.quotientAndRemainder(dividingBy: 32)
        return [7 * x, 7 * y, (5 * x + 3 * y) % 256].map { Scalar($0) / 127.5 - 1 }
      }, shape: [1, 32, 32, 3])
    let hole = Tensor(
      (0..<32 * 32).map { (10..<20).contains($0 % 32) && (8..<22).contains($0 / 32) ? 1 : 0 }, shape: [1, 32, 32, 1])
    let output = loaded.model.fill(InpaintingBatch(images: image, holes: hole))
    let expected = try WeightFile(path: folder + "/filled.safetensors")
    for (name, value) in output.stages.map({ ($0.name, $0.pictures) }) + [("composited", output.completed)] {
      #expect(value.largestDifference(from: try expected.tensor(name)) < 1e-4, "\(name)")
    }
  }

  @Test(arguments: models) func `a run of an earlier program goes on with the same losses`(model: String) throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    try FileManager.default.copyItem(atPath: Self.fixtures + "/" + model, toPath: run)
    let path = run + "/config.json"
    let json = try JSONValue(
      parsing: FileReader.read(path), as: .configuration, source: path, kind: .configuration)
    let outcome = try TrainingRun(
      TrainingConfiguration(json, source: path), directory: RunDirectory(run), resume: .newest, console: .silent
    ).run()
    #expect(outcome == .finished)
    let expected = try Self.metrics(Self.fixtures + "/" + model)
    let found = try Self.metrics(run)
    #expect(found.map { $0["step"] } == [1, 2, 3, 4])
    for (found, expected) in zip(found, expected) {
      for (key, value) in expected where !key.contains("second") {
        // These runs spell two metrics in British English.
        let other = try #require(found[key] ?? found[key.replacing("colour", with: "color")], "\(key)")
        #expect(abs(other - value) < 2e-3 * max(0.1, abs(value)), "\(key) of step \(expected["step"] ?? 0)")
      }
    }
  }

  /// The numbers of every line of a run's `metrics.jsonl`.
  private static func metrics(_ folder: String) throws -> [[String: Double]] {
    let lines = try FileReader.read(folder + "/metrics.jsonl").split(separator: UInt8(ascii: "\n"))
    return try lines.map { line in
      let value = try JSONValue(parsing: Array(line), as: .strict, source: folder, kind: .data)
      let pairs = (value.members ?? []).compactMap { member -> (String, Double)? in
        guard case .number(let number) = member.value.content else { return nil }
        return (member.key, number.real)
      }
      return Dictionary(uniqueKeysWithValues: pairs)
    }
  }
}
