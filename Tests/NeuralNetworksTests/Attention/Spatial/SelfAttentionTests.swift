import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SelfAttentionTests {
  private func layer(channels: Int = 16, reduction: Int = 8, scoreBytes: Int = 32 << 20) -> SelfAttention {
    var options = SelfAttention.Options()
    options.reduction = reduction
    options.scoreBytes = scoreBytes
    return SelfAttention(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  /// Of so many queries of `small` at once.
  private func bytes(queries: Int) -> Int { queries * 2 * 6 * MemoryLayout<Scalar>.stride }
  private let small = GoldenFill.features(2, 4, 2, 3)

  @Test func `it gives the golden values, and so do its gradients`() throws {
    let run = try GoldenRun(layer(), at: GoldenFill.features(2, 16, 3, 4))
    let output = GoldenValue(sum: 15.7054489917, squares: 198.9551971991, first: -0.0635303314, last: -0.2689397622)
    #expect(run.difference(fromOutput: output) < GoldenValue.tolerance)
    let slope = GoldenValue(sum: 72.7268900508, squares: 477.2354665424)
    #expect(run.difference(slopes: slope) < GoldenValue.tolerance)
    let squares = [
      "gamma": 0.0659375665, "query_conv.weight": 0.9186760892, "key_conv.weight": 59.8839446745, "key_conv.bias": 0,
      "value_conv.weight": 186.0587948591, "value_conv.bias": 598.2305980258,
    ]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `the gradient of the key bias is 0, since a softmax does not see what all scores have in common`() throws {
    let run = try GoldenRun(layer(), at: GoldenFill.features(2, 16, 3, 4))
    #expect(run.gradients["key_conv.bias"]!.elements.allSatisfy { abs($0) < Scalar(tolerance(1e-5, 1e-13)) })
  }

  @Test func `DANet PAM: α init 0, E equals A bitwise, α learns and nothing else does`() {
    let first = FirstStep(of: layer(), at: GoldenFill.features(2, 16, 3, 4))
    #expect(first.isIdentity)
    #expect(first.learning == ["gamma"])
  }

  @Test func `the map is N x N, and its rows sum to 1`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    let x = GoldenFill.features(2, 16, 3, 4)
    for position in 0..<12 {
      let weights = layer.weights(ofRow: position / 4, column: position % 4, in: x)
      #expect(weights.shape == [2, 3, 4])
      #expect(weights.sum(axes: [1, 2]).elements.allSatisfy { abs($0 - 1) < Scalar(tolerance(1e-5, 1e-14)) })
    }
  }

  @Test func `S transposed is consistent with a row of S for each query: the output is D · Sᵀ`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    let x = GoldenFill.features(2, 16, 3, 4)
    let d = layer.value(x).positions
    let s = concatenate(
      (0..<12).map { layer.weights(ofRow: $0 / 4, column: $0 % 4, in: x).reshaped(to: [2, 1, 12]) }, axis: 1)
    // [channels, positions] · [positions, queries], channels first as in the paper.
    let product = matmul(d.transposed(), s.transposed()).transposed()
    let expected = x + layer.gamma.value * product.reshaped(to: x.shape)
    #expect(layer(x).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `every position reaches every other`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    #expect(LayerChecks.reach(of: layer, toRow: 0, column: 0, in: GoldenFill.features(1, 16, 3, 4)).count == 12)
  }

  @Test(arguments: [1, 4])
  func `blocks give what the whole gives, for gradients of gradients too`(_ queries: Int) throws {
    let (whole, blocked) = (
      layer(channels: 4, reduction: 2), layer(channels: 4, reduction: 2, scoreBytes: bytes(queries: queries))
    )
    try whole.loadGoldenFill()
    try blocked.loadGoldenFill()
    #expect(LayerChecks.largestDifference(between: blocked, and: whole, at: small) < tolerance(2e-4, 1e-12))
  }

  @Test func `128 x 128 positions are weighed in blocks of 32 MB`() {
    final class Heights { var found: [Int] = [] }
    let heights = Heights()
    // Some of the queries show how the rest would be cut.
    let (queries, keys) = (Tensor.ones([1, 1100, 1]), Tensor.ones([1, 128 * 128, 1]))
    _ = BlockedAttention(bytes: SelfAttention.Options().scoreBytes)(queries, keys, keys) { queries, keys in
      heights.found.append(queries.shape[1])
      return .zeros([1, queries.shape[1], keys.shape[1]])
    }
    #expect(heights.found.reduce(0, +) == 1100)
    #expect(heights.found.max() == (32 << 20) / (128 * 128 * MemoryLayout<Scalar>.stride))
  }

  @Test func `sizes, names and costs are those of the port`() {
    let layer = layer()
    #expect(layer.parameterCount == 16 * 16 + 16 + 2 * (16 * 2 + 2) + 1)
    #expect(layer.multiplyAdds(height: 3, width: 4) == 12 * (256 + 64) + 144 * (2 + 16))
    #expect(
      layer.stateDictionary().map { "\($0.name) \($0.value.shape)" } == [
        "gamma [1]", "query_conv.weight [2, 16, 1, 1]", "query_conv.bias [2]", "key_conv.weight [2, 16, 1, 1]",
        "key_conv.bias [2]", "value_conv.weight [16, 16, 1, 1]", "value_conv.bias [16]",
      ])
    #expect(layer.namedParameters.map(\.name).prefix(2) == ["gamma", "query.weight"])
  }

  @Test func `what cannot be built is told`() {
    var options = SelfAttention.Options()
    #expect(SelfAttention.problem(channels: 8, options: options) == nil)
    #expect(SelfAttention.problem(channels: 7, options: options)?.contains("(7)") == true)
    options.reduction = 0
    #expect(SelfAttention.problem(channels: 7, options: options)?.contains("reduction (0)") == true)
    options.reduction = 1
    options.scoreBytes = 0
    #expect(SelfAttention.problem(channels: 7, options: options)?.contains("bytes") == true)
  }
}

@Suite struct PositionsTests {
  @Test func `a position is found by its row and column`() {
    let x = Tensor.counting([2, 3, 4, 2])
    #expect(x.positions.shape == [2, 12, 2])
    #expect(x.position(row: 1, column: 2).elements == [12, 13, 36, 37])
  }

  @Test func `squares share their weight, and what is in none has no weight`() {
    let spread = Tensor([1, 2], shape: [1, 1, 2]).spreadOverSquares(height: 3, width: 5)
    #expect(spread.shape == [1, 3, 5])
    #expect(spread.elements == [0.25, 0.25, 0.5, 0.5, 0, 0.25, 0.25, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
  }
}
