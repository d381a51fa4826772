import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct PooledSelfAttentionTests {
  private func layer(
    channels: Int = 16, reduction: Int = 8, spectralNorm: Bool = false, scoreBytes: Int = 32 << 20
  ) -> PooledSelfAttention {
    var options = PooledSelfAttention.Options()
    options.reduction = reduction
    options.spectralNorm = spectralNorm
    options.scoreBytes = scoreBytes
    return PooledSelfAttention(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  private let x = GoldenFill.features(2, 16, 4, 6)

  @Test func `it gives the golden values, and so do its gradients`() throws {
    let run = try GoldenRun(layer(), at: x)
    let output = GoldenValue(sum: 1.7601048707, squares: 383.7036951754)
    #expect(run.difference(fromOutput: output) < GoldenValue.tolerance)
    let slope = GoldenValue(squares: 395.4971552521, first: 0.9874566334)
    #expect(run.difference(slopes: slope) < GoldenValue.tolerance)
    let squares = [
      "theta.weight": 0.0004688088, "phi.weight": 0.0000362666, "g.weight": 99.6430076238, "o.weight": 2.9140285633,
      "gamma": 0.0038933841,
    ]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test(arguments: [false, true])
  func `an untrained layer gives its input, and only its gate learns`(_ spectralNorm: Bool) {
    let first = FirstStep(of: layer(spectralNorm: spectralNorm), at: x)
    #expect(first.isIdentity)
    #expect(first.learning == ["gamma"])
  }

  @Test func `spectral norms divide all four weights by their largest singular value`() throws {
    let (normal, plain) = (layer(spectralNorm: true), layer())
    try normal.loadGoldenFill()
    for _ in 0..<100 { _ = normal(x) }
    normal.setTraining(false)
    plain.gamma.assign(normal.gamma.value)
    for (own, other) in zip(normal.convolutions, plain.convolutions) {
      let matrix = own.weight.value.reshaped(to: [own.weight.shape[2], own.weight.shape[3]])
      other.weight.assign(own.weight.value / matrix.singularValues()![0])
    }
    #expect(normal(x).largestDifference(from: plain(x)) < tolerance(1e-4, 1e-9))
  }

  @Test func `looking at weights leaves spectral norms as they are`() {
    let layer = layer(spectralNorm: true)
    let kept = layer.namedBuffers.map(\.buffer.value.elements)
    _ = layer.weights(ofRow: 1, column: 2, in: x)
    #expect(kept.count == 4)
    #expect(layer.namedBuffers.map(\.buffer.value.elements) == kept)
    _ = layer(x)
    #expect(layer.namedBuffers.map(\.buffer.value.elements) != kept)
  }

  @Test func `the map's rows sum to 1, and the positions of a square weigh the same`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    for position in 0..<24 {
      let weights = layer.weights(ofRow: position / 6, column: position % 6, in: x)
      #expect(weights.sum(axes: [1, 2]).elements.allSatisfy { abs($0 - 1) < Scalar(tolerance(1e-5, 1e-14)) })
      #expect(weights[1, 2, 2] == weights[1, 3, 3] && weights[1, 2, 2] != weights[1, 2, 4])
    }
  }

  @Test func `of an odd size the last row and column are not drawn from`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    let x = GoldenFill.features(1, 16, 3, 5)
    let reached = LayerChecks.reach(of: layer, toRow: 0, column: 0, in: x)
    #expect(!reached.isEmpty && reached.allSatisfy { $0[0] < 2 && $0[1] < 4 })
    #expect(layer.weights(ofRow: 2, column: 4, in: x).elements[10...].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [1, 3])
  func `blocks give what the whole gives, for gradients of gradients too`(_ queries: Int) throws {
    let rowBytes = 2 * 6 * MemoryLayout<Scalar>.stride
    let (whole, blocked) = (layer(), layer(scoreBytes: queries * rowBytes))
    try whole.loadGoldenFill()
    try blocked.loadGoldenFill()
    #expect(LayerChecks.largestDifference(between: blocked, and: whole, at: x) < tolerance(1e-2, 1e-10))
  }

  @Test func `sizes, names and costs are those of the port`() {
    #expect(layer().parameterCount == 16 * 16 / 4 + 16 * 16 + 1)
    #expect(layer().multiplyAdds(height: 4, width: 6) == 24 * 16 * 2 * (2 + 8) + 24 * 6 * (2 + 8))
    #expect(
      layer(spectralNorm: true).stateDictionary().map { "\($0.name) \($0.value.shape)" } == [
        "theta.weight [2, 16, 1, 1]", "theta.u0 [1, 2]", "phi.weight [2, 16, 1, 1]", "phi.u0 [1, 2]",
        "g.weight [8, 16, 1, 1]", "g.u0 [1, 8]", "o.weight [16, 8, 1, 1]", "o.u0 [1, 16]", "gamma []",
      ])
  }

  @Test func `what cannot be built is told`() {
    var options = PooledSelfAttention.Options()
    #expect(PooledSelfAttention.problem(channels: 8, options: options) == nil)
    #expect(PooledSelfAttention.problem(channels: 7, options: options)?.contains("(7)") == true)
    options.valueReduction = 9
    #expect(PooledSelfAttention.problem(channels: 8, options: options)?.contains("value reduction (9)") == true)
  }
}

extension PooledSelfAttention {
  fileprivate var convolutions: [Conv2d] { [query, key, value, output] }
}
