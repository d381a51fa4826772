import Foundation
import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Weights in the layouts of other programs, and what another implementation makes of them: the folder that
/// `Scripts/make-reference-weights` made, named by the environment variable `KINTSUGI_REFERENCE`.
@Suite struct ReferenceParityTests {
  static let folder = ProcessInfo.processInfo.environment["KINTSUGI_REFERENCE"]

  @Test(.enabled(if: ReferenceParityTests.folder != nil, "KINTSUGI_REFERENCE names no folder"))
  func `every file of weights fills and judges as it should`() throws {
    let folder = try #require(Self.folder)
    let list = try JSONValue(
      parsing: FileReader.read(folder + "/references.json"), as: .strict, source: "references.json", kind: .data)
    guard case .array(let entries) = list.content else { throw Failure(.data, "references.json is no array.") }
    #expect(!entries.isEmpty)
    for entry in entries {
      func text(_ key: String) throws -> String {
        guard case .string(let text)? = entry[key]?.content else { throw Failure(.data, "references.json: no \(key)") }
        return text
      }
      try expectParity(
        folder + "/" + text("weights"), ColorOrder(rawValue: try text("color_order")),
        WeightFile(path: folder + "/" + text("reference")))
    }
  }

  private func expectParity(_ path: String, _ order: ColorOrder?, _ reference: WeightFile) throws {
    func pictures(_ name: String) throws -> Tensor { try reference.tensor(name).permuted([0, 2, 3, 1]) }
    let loaded = try LoadedModel(path: path, colorOrder: order)
    let batch = InpaintingBatch(images: try pictures("in.images"), holes: try pictures("in.holes"))
    let filling = loaded.model.fill(batch)
    let found = filling.stages.map(\.pictures) + [filling.completed]
    for (found, name) in zip(found, ["out.coarse", "out.refined", "out.completed"]) {
      let difference = found.largestDifference(from: try pictures(name))
      #expect(difference < 1e-3, "\(path), \(reference.path), \(name)")
    }
    guard loaded.networks.contains("discriminator"),
      let discriminator = loaded.model.networks[1].module as? PatchDiscriminator
    else { return }
    let expected = try pictures("out.scores")
    let scores = discriminator(try pictures("out.completed"), conditions: [batch.holes])
    #expect(
      scores.reshaped(to: expected.shape).largestDifference(from: expected) < 1e-4, "\(path), \(reference.path)")
  }
}
