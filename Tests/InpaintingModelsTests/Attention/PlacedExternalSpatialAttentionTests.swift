import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PlacedExternalSpatialAttentionTests {
  @Test func `pictures of another size than in training are filled too`() throws {
    let model = try AttentionModels.v2([["at": "parallel", "kind": "espa"]])
    let small = model.fill(tinyBatch(size: 32)).completed
    let large = model.fill(tinyBatch(size: 48)).completed
    #expect(small.isFinite && large.isFinite && large.shape == [2, 48, 48, 3])
  }

  @Test func `it is made for the features of the run's pictures, or for what is said`() throws {
    func size(_ entry: JSONValue) throws -> Shape {
      let model = try AttentionModels.v2([entry])
      let parameters = model.generator.namedParameters.filter { $0.name.contains("attention.layers.0") }
      return try #require(parameters.map(\.parameter.shape).first { $0.count == 2 })
    }
    #expect(try size(["at": "parallel", "kind": "espa"]).contains(8))
    #expect(try size(["at": "parallel", "kind": "espa", "size": 6]).contains(6))
  }

  @Test func `beside the dilated layers it is the branch, elsewhere it is added`() throws {
    let batch = tinyBatch(size: 32)
    let inputs = AttentionModels.inputs(batch)
    let x = Tensor.noise("x", [2, 8, 8, 16])
    func output(_ part: String) throws -> Tensor {
      let model = try AttentionModels.v2([["at": JSONValue(part), "kind": "espa"]])
      let attention = try #require(model.attention.features(0))
      return attention(x, inputs)
    }
    let branch = try output("parallel")
    let added = try output("bottleneck")
    #expect(added.largestDifference(from: x + branch) < 1e-5)
  }
}
