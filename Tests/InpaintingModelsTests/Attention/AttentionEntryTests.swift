import NeuralNetworks
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
      refusal([["at": "decoder", "scale": 3, "kind": "cbam"]]).contains("one of 4, 2, 1 in the decoder, found 3"))
    #expect(refusal([["at": "bottleneck", "kind": "se", "reduktion": 4]]).contains("did you mean `reduction`?"))
    #expect(refusal([["at": "bottleneck", "kind": "se", "reduction": 0]]).contains("`model.attention[0].reduction`"))
    #expect(refusal([["at": "parallel", "kind": "shift"]]).contains("on a skip connection of a DeepFill"))
    #expect(
      refusal([["at": "bottleneck", "kind": "multi_head", "heads": 5]]).contains("`multi_head` cannot be at the"))
    #expect(refusal([["at": "skip", "kind": "se"], ["at": "skip", "kind": "eca"]]).contains("a skip takes one"))
    #expect(refusal(["cbam"]).contains("expected an object"))
    let parallel: JSONValue = [["at": "parallel", "kind": "se"]]
    #expect(message(parallel) { _ = try AttentionModels.partial($0) }.contains("\"bottleneck\", \"decoder\", \"skip\""))
    let shift: JSONValue = [["at": "skip", "kind": "shift"]]
    #expect(message(shift) { _ = try AttentionModels.partial($0) }.contains("on a skip connection of a DeepFill"))
  }

  @Test func `the weight of the shift connection's loss is a key only where there is one`() throws {
    let shift: JSONValue = [["at": "skip", "kind": "shift"]]
    #expect(
      try AttentionModels.v2(shift, losses: ["shift_guidance": 0.5]).configuration.losses.shiftTarget == 0.5)
    #expect(throws: Failure.self) { try AttentionModels.v2(nil, losses: ["shift_guidance": 0.5]) }
  }
}

@Suite struct AttentionInsertionTests {
  private let batch = tinyBatch(count: 1, size: 32)

  @Test func `costs are those of the features' size`() throws {
    let model = try AttentionModels.v2([["at": "bottleneck", "kind": "self_attention"]])
    let insertion = model.insertions[0]
    // 16 channels, an eighth for queries and keys: 16² + 16 + 2 · (16²/8 + 16/8) + 1.
    #expect(insertion.parameterCount == 256 + 16 + 2 * (32 + 2) + 1)
    // N (C² + C²/4) + N² (C/8 + C) with 8 x 8 positions.
    #expect(insertion.multiplyAdds(pictureSize: 32) == 64 * (256 + 64) + 64 * 64 * (2 + 16))
    #expect(insertion.site.description == "at the bottleneck, at a quarter of the size, 16 channels")
  }

  @Test func `sites read as English`() {
    func text(_ part: GeneratorPart, _ scale: Int) -> String {
      AttentionSite(part, scale: scale, channels: 8).description
    }
    #expect(text(.parallel, 4) == "in the parallel branch, at a quarter of the size, 8 channels")
    #expect(text(.decoder, 2) == "in the decoder, at half of the size, 8 channels")
    #expect(text(.skip, 1) == "on the skip connection, at the full size, 8 channels")
  }

  @Test(arguments: ["contextual", "self_attention", "pooled_self_attention", "non_local", "criss_cross", "multi_head"])
  func `maps weigh all positions`(_ kind: String) throws {
    let model = try AttentionModels.v2([try AttentionModels.entry(kind)])
    let observation = AttentionObservation { _ = model.fill(batch) }
    let weights = try #require(model.insertions[0].weights(ofRow: 3, column: 2, in: observation))
    #expect(weights.rank == 3 && weights.elements.allSatisfy { $0 >= 0 })
    let sum = Double(weights.sum().scalar)
    #expect(abs(sum - 1) < 1e-5 || (kind == "contextual" && sum < 1 && sum > 0))
    #expect(model.insertions[0].weights(ofRow: 3, column: 2, in: AttentionObservation {}) == nil)
  }

  @Test func `attentions without a map say so`() throws {
    let model = try AttentionModels.v2([["at": "bottleneck", "kind": "eca"]])
    let observation = AttentionObservation { _ = model.fill(batch) }
    #expect(model.insertions[0].weights(ofRow: 0, column: 0, in: observation) == nil)
    #expect(model.attentionMaps(of: batch) == nil)
  }

  @Test func `contextual attention's weights agree with its maps`() throws {
    let model = try AttentionModels.v2(nil)
    let observation = AttentionObservation { _ = model.fill(batch) }
    let map = try #require(model.insertions[0].argmaxMaps(in: observation)?.first)
    for position in 0..<map.width * map.height {
      let (row, column) = (position / map.width, position % map.width)
      let weights = try #require(
        model.insertions[0].weights(ofRow: 2 * row, column: 2 * column, in: observation)
      ).elements
      let best = (row + map.offsets[position].y) * map.width + column + map.offsets[position].x
      #expect(weights[best] == weights.max())
    }
  }
}

@Suite struct AttentionWeightsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A generator with one attention whose weights are in a file.
  private func model(_ kind: String, _ keys: [(String, JSONValue)]) throws -> DeepFillV2 {
    let members = try #require(try AttentionModels.entry(kind).members).map { ($0.key, $0.value) }
    return try AttentionModels.v2([JSONValue(members + keys)])
  }

  private func ported(_ model: DeepFillV2) throws -> any PortedModule {
    try #require(model.attention.features(0)?.ported)
  }

  /// A file with numbers of its own under a public port's names.
  private func write(
    _ kind: String, prefix: String = "", changing change: (inout [(name: String, value: Tensor)]) -> Void = { _ in }
  ) throws -> (path: String, tensors: [(name: String, value: Tensor)]) {
    var tensors = try ported(model(kind, [])).stateDictionary().map { name, value in
      (name: prefix + name, value: Tensor.noise(name, value.shape))
    }
    tensors.append((name: "backbone.weight", value: .ones([3])))
    change(&tensors)
    let path = folder.file(kind + ".safetensors")
    try SafeTensorsWriter.write(tensors.map { ($0.name, $0.value.shape, $0.value.elements) }, to: path)
    return (path, tensors)
  }

  private func refusal(_ kind: String, _ keys: [(String, JSONValue)]) -> Failure? {
    #expect(throws: Failure.self) { try self.model(kind, keys).loadAttentionWeights() }
  }

  @Test(arguments: AttentionRegistry.namesWithoutLabels.filter { $0 != "contextual" && $0 != "shift" })
  func `every kind that public programs have starts with the weights of a file`(_ kind: String) throws {
    let (path, tensors) = try write(kind, prefix: "refine_attn.")
    let model = try model(kind, [("weights", JSONValue(path)), ("prefix", "refine_attn.")])
    let fresh = try self.model(kind, [])
    #expect(haveSameWeights(model, fresh))
    try model.loadAttentionWeights()
    for (name, value) in try ported(model).stateDictionary() {
      let expected = try #require(tensors.first { $0.name == "refine_attn." + name }).value
      #expect(value.shape == expected.shape && value.elements == expected.elements, "\(name)")
    }
    // All else is as it was.
    for (own, other) in zip(model.generator.namedParameters, fresh.generator.namedParameters)
    where !own.name.contains("attention.layers.0") {
      #expect(own.parameter.value.elements == other.parameter.value.elements)
    }
  }

  @Test func `only the attention of the entry is changed`() throws {
    let path = try write("self_attention").path
    let keys: JSONValue = ["at": "bottleneck", "kind": "self_attention", "reduction": 4]
    let members = try #require(keys.members).map { ($0.key, $0.value) }
    let model = try AttentionModels.v2([keys, JSONValue(members + [("weights", JSONValue(path))])])
    try model.loadAttentionWeights()
    let gates = model.generator.namedParameters.filter { $0.name.hasSuffix("gamma") }.map(\.parameter.value.scalar)
    #expect(gates[0] == 0 && gates[1] != 0)
  }

  @Test func `a tensor that is missing, has another shape or broken values is named, and nothing changes`() throws {
    let path = try write("cbam") { tensors in
      tensors.removeAll { $0.name == "ChannelGate.mlp.1.bias" }
      let filter = tensors.firstIndex { $0.name == "SpatialGate.spatial.conv.weight" }!
      tensors[filter].value = .ones([1, 2, 3, 3])
      let mean = tensors.firstIndex { $0.name == "SpatialGate.spatial.bn.running_mean" }!
      tensors[mean].value = Tensor([.nan], shape: [1])
    }.path
    let failure = refusal("cbam", [("weights", JSONValue(path))])
    #expect(failure?.kind == .data)
    #expect(
      failure?.message
        == "`model.attention[0].weights`: \(path): expected the weights of ConvolutionalBlockAttention, found others: "
        + "`ChannelGate.mlp.1.bias` expected of shape [8], found none; "
        + "`SpatialGate.spatial.conv.weight` expected of shape [1, 2, 7, 7], found [1, 2, 3, 3]; "
        + "`SpatialGate.spatial.bn.running_mean` expected of finite values, found others.")
    let model = try model("cbam", [("weights", JSONValue(path))])
    try? model.loadAttentionWeights()
    #expect(haveSameWeights(model, try self.model("cbam", [])))
  }

  @Test func `weights of another kind, or under a prefix that is not said, are refused`() throws {
    let path = try write("self_attention", prefix: "sa.").path
    #expect(refusal("criss_cross", [("weights", JSONValue(path)), ("prefix", "sa.")])?.kind == .data)
    let failure = refusal("self_attention", [("weights", JSONValue(path))])
    #expect(failure?.kind == .data && failure?.message.contains("`query_conv.weight`") == true)
  }

  @Test func `a file that is not there is missing input, one of another format is bad data`() throws {
    let absent = refusal("se", [("weights", "/no/such/file.pth")])
    #expect(absent?.kind == .missingInput)
    #expect(absent?.message.hasPrefix("`model.attention[0].weights`: ") == true)
    let path = folder.file("notes.safetensors")
    try FileWriter.writeAtomically("nothing of the kind", to: path)
    #expect(refusal("se", [("weights", JSONValue(path))])?.kind == .data)
  }

  @Test(arguments: ["contextual", "shift"])
  func `kinds without weights do not know the key`(_ kind: String) throws {
    let failure = #expect(throws: Failure.self) { try self.model(kind, [("weights", "x.pth")]) }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains("`model.attention[0].weights` is not a known key") == true)
  }

  @Test func `a prefix needs weights, and both are strings`() {
    for keys in [[("prefix", "sa.")], [("weights", 3)], [("weights", "x.pth"), ("prefix", 3)]]
      as [[(String, JSONValue)]]
    {
      let failure = #expect(throws: Failure.self) { try self.model("se", keys) }
      #expect(failure?.kind == .configuration)
    }
  }

  @Test func `the keys are written down where they are, and only there`() throws {
    for keys in [[], [("weights", "x.pth")], [("weights", "x.pth"), ("prefix", "sa.")]] as [[(String, JSONValue)]] {
      let entry: [(String, JSONValue)] = [("at", "bottleneck"), ("kind", "eca")]
      let root = try JSONReader(["model": ["attention": [JSONValue(entry + keys)]]], source: "test.json")
      let model = try root.object("model")
      let configuration = try DeepFillV2Configuration(
        model: model, losses: root.object("losses"), training: root.object("training"), pictureSize: 64)
      let kernel: [(String, JSONValue)] = [("kernel", JSONValue(.null))]
      #expect(model.resolved["attention"] == [JSONValue(entry + kernel + keys)])
      #expect(configuration.attention[0].resized(toPictures: 32).weights == configuration.attention[0].weights)
    }
  }
}
