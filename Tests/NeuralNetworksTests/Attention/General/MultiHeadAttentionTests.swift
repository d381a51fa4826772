import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct MultiHeadAttentionTests {
  typealias Similarity = MultiHeadAttention.Similarity

  private func layer(
    channels: Int = 8, heads: Int = 2, similarity: Similarity = .scaledDot
  ) -> MultiHeadAttention {
    var options = MultiHeadAttention.Options()
    options.heads = heads
    options.similarity = similarity
    return MultiHeadAttention(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `values agree with those published`() throws {
    let run = try GoldenRun(layer(), at: .wave([2, 5, 8]))
    let output = GoldenValue(
      sum: -11.3652618326, squares: 29.5306405057, first: -0.4219347386, last: 0.8374427009)
    #expect(run.difference(fromOutput: output, slopes: GoldenValue(squares: 0.2408071638)) < GoldenValue.tolerance)
    let squares = ["in_proj_weight": 4.4801341150, "out_proj.weight": 129.7167295077]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `features are the sequence of their positions`() {
    let layer = layer()
    let features = Tensor.wave([2, 3, 4, 8])
    #expect(layer(features).shape == features.shape)
    #expect(areIdentical(layer(features).elements, layer(features.reshaped(to: [2, 12, 8])).elements))
  }

  @Test func `tokens draw from a context of another length`() {
    let layer = layer()
    layer.fillWithWaves()
    let (x, context) = (Tensor.wave([2, 3, 8]), Tensor.wave([2, 5, 8], phase: 1))
    #expect(areIdentical(layer(x, context: x).elements, layer(x).elements))
    let both = layer(concatenate([x, context], axis: 1), context: context)
    #expect(layer(x, context: context).largestDifference(from: both.sliced(axis: 1, 0..<3)) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: [Similarity.dot, .scaledDot, .general])
  func `biases of keys have no gradient, as the softmax takes them away`(_ similarity: Similarity) {
    let layer = layer(similarity: similarity)
    layer.fillWithWaves()
    let slope = valueWithGradient(at: [layer.inputProjection.bias!]) {
      (layer(.wave([2, 5, 8])) * .wave([2, 5, 8], frequency: 0.9)).sum()
    }.gradient[0]
    let parts = (0..<3).map { abs(slope.sliced(axis: 0, 8 * $0..<8 * $0 + 8)).sum().scalar }
    #expect(Double(parts[1]) < tolerance(1e-4, 1e-12))
    #expect(parts[0] > 1e-3 && parts[2] > 1e-3)
  }

  @Test(arguments: Similarity.allCases)
  func `the weights of a position are those that it draws with, and have the sum 1`(_ similarity: Similarity) {
    let layer = layer(heads: 1, similarity: similarity)
    layer.fillWithWaves()
    let x = Tensor.wave([2, 2, 3, 8])
    let weights = layer.weights(ofRow: 1, column: 2, in: x)
    #expect(weights.shape == [2, 2, 3])
    #expect(weights.sum(axes: [1, 2]).largestDifference(from: .ones([2, 1, 1])) < tolerance(1e-6, 1e-14))
    let values =
      (matmul(x.reshaped(to: [12, 8]), layer.inputProjection.weight.value) + layer.inputProjection.bias!.value)
      .sliced(axis: 1, 16..<24).reshaped(to: [2, 6, 8])
    let drawn = layer.outputProjection(matmul(weights.reshaped(to: [2, 1, 6]), values))
    let found = layer(x).sliced([0..<2, 1..<2, 2..<3, 0..<8])
    #expect(largestDifference(found.elements, drawn.elements) < tolerance(1e-5, 1e-13))
  }

  @Test func `weights are the mean of all heads'`() {
    let layer = layer(channels: 4, heads: 2, similarity: .dot)
    layer.fillWithWaves()
    let x = Tensor.wave([1, 2, 3, 4])
    let projected =
      matmul(x.reshaped(to: [6, 4]), layer.inputProjection.weight.value) + layer.inputProjection.bias!.value
    let maps = (0..<2).map { head in
      let query = projected.sliced([4..<5, 2 * head..<2 * head + 2])
      return softmax(matmul(query, projected.sliced([0..<6, 4 + 2 * head..<6 + 2 * head]), transposeRight: true))
    }
    let mean = (maps[0] + maps[1]) / 2
    let found = layer.weights(ofRow: 1, column: 1, in: x)
    #expect(largestDifference(found.elements, mean.elements) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: [Similarity.scaledDot, .perceptron])
  func `blocks give what the whole gives`(_ similarity: Similarity) {
    let (whole, blocked) = (layer(similarity: similarity), layer(similarity: similarity))
    blocked.blockBytes = 1
    let x = Tensor.wave([2, 3, 3, 8])
    #expect(blocked(x).largestDifference(from: whole(x)) < tolerance(1e-6, 1e-14))
    let slopes = [whole, blocked].map { layer in
      valueWithGradient(at: layer.parameters) { square(layer(x)).sum() }.gradient
    }
    for (whole, blocked) in zip(slopes[0], slopes[1]) {
      #expect(blocked.largestDifference(from: whole) < tolerance(1e-4, 1e-12))
    }
  }

  @Test func `4E² + 4E parameters, and 4NE² + 2N²E multiplications`() {
    #expect(layer().parameterCount == 4 * 64 + 32)
    #expect(layer().multiplyAdds(height: 3, width: 5) == 4 * 15 * 64 + 2 * 225 * 8)
    let parameters = Similarity.allCases.map { layer(similarity: $0).parameterCount - 288 }
    #expect(parameters == [0, 0, 2 * 16, 2 * 8, 2 * (16 + 16 + 4)])
    let extra = Similarity.allCases.map { layer(similarity: $0).multiplyAdds(height: 1, width: 3) - 4 * 3 * 64 }
    #expect(extra == [144, 144, 144 + 96, 48, 9 * 8 + 9 * 8 + 2 * 96])
  }

  @Test func `what cannot be built is told`() {
    #expect(MultiHeadAttention.problem(channels: 64) == nil)
    #expect(MultiHeadAttention.problem(channels: 0)?.contains("channels (0)") == true)
    #expect(MultiHeadAttention.problem(channels: 12)?.contains("(12) must be a multiple") == true)
    var options = MultiHeadAttention.Options()
    options.heads = 0
    #expect(MultiHeadAttention.problem(channels: 12, options: options)?.contains("heads (0)") == true)
  }

  @Test func `names elsewhere and in checkpoints`() {
    #expect(
      layer(similarity: .perceptron).portedWeights.map(\.name) == [
        "in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias", "similarity.query_weight",
        "similarity.key_weight", "similarity.score_weight",
      ])
    #expect(
      layer(similarity: .concatenation).namedParameters.map(\.name) == [
        "inputProjection.weight", "inputProjection.bias", "similarity.scoreWeight", "outputProjection.weight",
        "outputProjection.bias",
      ])
    #expect(Similarity.allCases.map(\.rawValue) == ["dot", "scaled_dot", "general", "concatenation", "perceptron"])
  }
}
