import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PlacedSemanticAttentionTests {
  private let classes: JSONValue = tinyClasses.json

  private func model(_ entries: JSONValue, labels: Bool = true, stages: Int = 1) throws -> SemanticGuidance {
    let more: [(String, JSONValue)] =
      [("discriminator_width", 2), ("stages", JSONValue(stages))]
      + (labels ? [("classes", classes)] : [])
      + (stages == 2 ? [("spade_hidden", 3), ("decoder_discriminator_width", 2)] : [])
    return SemanticGuidance(
      try AttentionModels.read(SemanticGuidanceConfiguration.self, entries, width: 8, more: more), seed: 3)
  }

  @Test(arguments: [4, 2, 1])
  func `features draw from those of the labels that the network sees, and all parameters learn`(_ scale: Int) throws {
    let with = try model([["at": "decoder", "scale": JSONValue(scale), "kind": "semantic", "kernel": 1]])
    let without = try model([])
    let batch = labeledBatch()
    #expect(with.insertions.map(\.kind) == ["semantic"])
    let pictures = with.fill(batch).completed
    #expect(pictures.isFinite && pictures.elements != without.fill(batch).completed.elements)
    for (name, parameter) in with.attention.namedParameters where name.hasSuffix("gamma") {
      parameter.assign(Tensor(0.5))
    }
    let own = with.generator.namedParameters.filter { $0.name.contains("attention.layers.0.") }
    let slopes = valueWithGradient(at: own.map(\.parameter)) { with.fill(batch).stages[0].pictures.sum() }.gradient
    #expect(own.count == 9 && slopes.allSatisfy { $0.isFinite && $0.elements.contains { $0 != 0 } })
  }

  @Test func `weights are of one class, and of known positions`() throws {
    let model = try model([["at": "decoder", "scale": 4, "kind": "semantic"]])
    let batch = labeledBatch()
    let observation = AttentionObservation { _ = model.fill(batch) }
    let labels = try #require(observation.input(of: 0)?.inputs.labels)
    let classes = labels.resizedNearest(height: 8, width: 8).argmax()
    let hole = batch.holes.maxPool(kernel: 4, stride: 4).elements
    var count = 0
    for pixel in 0..<64 where hole[pixel] != 0 {
      let weights = try #require(model.insertions[0].weights(ofRow: pixel / 8, column: pixel % 8, in: observation))
      #expect(weights.shape == [2, 8, 8])
      let first = weights.elements.prefix(64)
      let known = (0..<64).filter { hole[$0] == 0 }
      let same = known.filter { classes[$0] == classes[pixel] }
      let mass = (same.isEmpty ? known : same).reduce(0) { $0 + first[$1] }
      #expect(abs(mass - 1) < 1e-5)
      count += 1
    }
    #expect(count > 0)
  }

  @Test func `labels that are requested in the hole decide what is drawn from`() throws {
    let model = try model([["at": "decoder", "scale": 4, "kind": "semantic"]], stages: 2)
    let batch = labeledBatch()
    let asked = batch.with(
      .requestedLabels(tinyClasses), .oneHot([Int?](repeating: 1, count: 2048), shape: [2, 32, 32, 3]))
    let observation = AttentionObservation { _ = model.fill(asked) }
    let labels = try #require(observation.input(of: 0)?.inputs.labels)
    let ones = Tensor.oneHot([Int?](repeating: 1, count: 2048), shape: labels.shape)
    #expect((labels * batch.holes).elements == (ones * batch.holes).elements)
  }

  @Test func `where no labels are known it is refused`() throws {
    func refusal(_ read: () throws -> Void) -> String {
      let failure = #expect(throws: Failure.self) { try read() }
      return failure?.kind == .configuration ? failure?.message ?? "" : "another kind"
    }
    let decoder: JSONValue = [["at": "decoder", "kind": "semantic"]]
    let reason = "features draw from those of their class, and no labels are predicted there"
    for message in [
      refusal { _ = try AttentionModels.v2(decoder) }, refusal { _ = try AttentionModels.partial(decoder) },
      refusal { _ = try model(decoder, labels: false) },
      refusal { _ = try model([["at": "bottleneck", "kind": "semantic"]]) },
    ] {
      #expect(message.contains("`semantic` cannot be ") && message.contains(reason))
    }
    #expect(
      refusal { _ = try model([["at": "decoder", "kind": "semantic", "kernel": 2]]) }.contains(
        "`kernel`: expected an odd number, found 2"))
    #expect(!AttentionRegistry.namesWithoutLabels.contains("semantic") && AttentionRegistry.names.contains("semantic"))
  }
}
