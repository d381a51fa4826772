import Foundation
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct AttentionComparisonTests {
  private func comparison(_ folder: TemporaryFolder, _ kinds: [String]) throws -> AttentionComparison {
    let json: JSONValue = [
      "model": [
        "name": "deepfill_v2", "width": 8, "discriminator_width": 4, "attention": [["at": "parallel", "kind": "se"]],
      ],
      "data": ["train": "procedural", "size": 16, "validation_count": 1, "workers": 1],
      "holes": ["kind": "box"],
      "training": [
        "batch_size": 1, "steps": 2, "checkpoint_every": 2, "sample_every": 0, "validate_every": 0, "threads": 1,
      ],
    ]
    return try AttentionComparison(json, source: "small.json", folder: folder.file("out"), kinds: kinds, calls: 1)
  }

  @Test func `each kind is trained once, measured, and written down`() throws {
    let folder = try TemporaryFolder()
    let lines = try #require(
      try comparison(folder, ["none", "eca", "non_local"]).run(data: "procedural", console: .silent))
    #expect(lines.count == 4 && lines[1].hasPrefix("none ") && lines[2].hasPrefix("non_local "))
    let page = String(decoding: try FileReader.read(folder.file("out/comparison.html")), as: UTF8.self)
    let markdown = String(decoding: try FileReader.read(folder.file("out/comparison.md")), as: UTF8.self)
    for kind in ["none", "eca", "non_local"] { #expect(page.contains(kind) && markdown.contains("| \(kind) |")) }
    // Three looks of the one that has a map.
    #expect(page.components(separatedBy: "data:image/jpeg").count == 4)
    #expect(markdown.contains("2 steps of 1 pictures of 16x16"))
    // Without attention nothing costs anything.
    #expect(lines[1].contains("–"))

    let metrics = try FileReader.read(folder.file("out/eca/metrics.jsonl"))
    let configuration = String(decoding: try FileReader.read(folder.file("out/none/config.json")), as: UTF8.self)
    #expect(configuration.contains("\"attention\": []"))
    _ = try comparison(folder, ["eca"]).run(data: "procedural", console: .silent)
    #expect(try FileReader.read(folder.file("out/eca/metrics.jsonl")) == metrics)
  }

  @Test func `an unknown kind is named before anything is trained`() throws {
    let folder = try TemporaryFolder()
    #expect {
      _ = try comparison(folder, ["cbma"])
    } throws: {
      ($0 as? Failure)?.kind == .usage && "\($0)".contains("cbma")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `all kinds are compared, with none at all beside them`() {
    #expect(AttentionVariant.all.map(\.name) == ["none"] + AttentionRegistry.namesWithoutLabels)
  }
}
