import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct AttentionEntryTests {
  private func message(_ entries: JSONValue, _ read: (JSONValue?) throws -> Void) -> String {
    do {
      try read(entries)
      return "no failure"
    } catch let failure as Failure {
      return failure.kind == .configuration ? failure.message : "another kind: \(failure.message)"
    } catch { return "\(error)" }
  }

  private func refusal(_ entries: JSONValue) -> String { message(entries) { _ = try AttentionModels.v2($0) } }

  @Test func `the DeepFills have contextual attention beside the dilated layers, the U-Net has none`() throws {
    let published = [AttentionEntry.contextual(at: .parallel, scale: 4)]
    #expect(try AttentionModels.v2(nil).configuration.attention == published)
    #expect(try AttentionModels.v1(nil).configuration.attention == published)
    #expect(DeepFillV2Configuration().attention == published && DeepFillV1Configuration().attention == published)
    #expect(try AttentionModels.partial(nil).configuration.attention.isEmpty)
    #expect(try AttentionModels.v2([]).configuration.attention.isEmpty)
  }

  @Test func `options are part of what an attention is`() throws {
    func entry(_ reduction: Int) throws -> AttentionEntry {
      try AttentionModels.v2(
        [["at": "decoder", "scale": 2, "kind": "cbam", "reduction": JSONValue(reduction)]]
      ).configuration.attention[0]
    }
    #expect(try entry(4) == entry(4) && entry(4) != entry(8))
    #expect(try entry(4).part == .decoder && entry(4).scale == 2)
  }

  @Test func `defaults are written down`() throws {
    let root = try JSONReader(["model": ["attention": [["at": "skip", "kind": "eca"]]]], source: "test.json")
    let model = try root.object("model")
    _ = try DeepFillV2Configuration(
      model: model, losses: root.object("losses"), training: root.object("training"), pictureSize: 64)
    let written = try #require(model.resolved["attention"])
    #expect(written == [["at": "skip", "scale": 4, "kind": "eca", "kernel": .init(.null)]])
  }

  @Test func `wrong kinds, sites and options are told with what there is`() {
    #expect(refusal([["at": "bottleneck", "kind": "cbma"]]).contains("did you mean \"cbam\"?"))
    #expect(
      refusal([["at": "everywhere", "kind": "cbam"]]).contains("\"bottleneck\", \"parallel\", \"decoder\", \"skip\""))
    #expect(refusal([["at": "bottleneck", "scale": 4, "kind": "cbam"]]).contains("`model.attention[0].scale`"))
    #expect(
      refusal([["at": "decoder", "scale": 3, "kind": "cbam"]]).contains("one of 4, 2, 1 in the decoder, and is 3"))
    #expect(refusal([["at": "bottleneck", "kind": "se", "reduktion": 4]]).contains("did you mean `reduction`?"))
    #expect(refusal([["at": "bottleneck", "kind": "se", "reduction": 0]]).contains("`model.attention[0].reduction`"))
    #expect(refusal([["at": "parallel", "kind": "shift"]]).contains("skips of the DeepFills"))
    #expect(
      refusal([["at": "bottleneck", "kind": "multi_head", "heads": 5]]).contains("`multi_head` cannot be at the"))
    #expect(refusal([["at": "skip", "kind": "se"], ["at": "skip", "kind": "eca"]]).contains("a skip takes one"))
    #expect(refusal(["cbam"]).contains("expected an object"))
    let parallel: JSONValue = [["at": "parallel", "kind": "se"]]
    #expect(message(parallel) { _ = try AttentionModels.partial($0) }.contains("\"bottleneck\", \"decoder\", \"skip\""))
    let shift: JSONValue = [["at": "skip", "kind": "shift"]]
    #expect(message(shift) { _ = try AttentionModels.partial($0) }.contains("skips of the DeepFills"))
  }

  @Test func `the weight of the shift connection's loss is a key only where there is one`() throws {
    let shift: JSONValue = [["at": "skip", "kind": "shift"]]
    #expect(
      try AttentionModels.v2(shift, losses: ["shift_guidance": 0.5]).configuration.losses.shiftTarget == 0.5)
    #expect(throws: Failure.self) { try AttentionModels.v2(nil, losses: ["shift_guidance": 0.5]) }
  }
}
