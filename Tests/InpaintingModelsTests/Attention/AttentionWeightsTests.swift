import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

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
      failure?.message == "`model.attention[0].weights`: \(path): not the weights of ConvolutionalBlockAttention: "
        + "`ChannelGate.mlp.1.bias` expected of shape [8], found none; "
        + "`SpatialGate.spatial.conv.weight` expected of shape [1, 2, 7, 7], found [1, 2, 3, 3]; "
        + "`SpatialGate.spatial.bn.running_mean` expected finite, found values that are not.")
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
