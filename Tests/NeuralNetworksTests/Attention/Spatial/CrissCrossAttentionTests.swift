import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct CrissCrossAttentionTests {
  private func layer(channels: Int = 16, reduction: Int = 8, recurrence: Int) -> CrissCrossAttention {
    var options = CrissCrossAttention.Options()
    options.reduction = reduction
    options.recurrence = recurrence
    return CrissCrossAttention(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  private let x = GoldenFill.features(2, 16, 3, 4)

  @Test(arguments: [
    (
      1, GoldenValue(sum: 15.7093697951, squares: 198.2534976273, first: -0.1190600974),
      GoldenValue(squares: 511.0826227799)
    ),
    (
      2, GoldenValue(sum: 29.9600590817, squares: 242.7003908121, first: -0.1214894975, last: 0.0481629321),
      GoldenValue(squares: 1468.4590680919)
    ),
  ])
  func `it gives the golden values, and the gradient of the key bias is 0`(
    _ recurrence: Int, _ output: GoldenValue, _ slope: GoldenValue
  ) throws {
    let run = try GoldenRun(layer(recurrence: recurrence), at: x)
    #expect(run.difference(fromOutput: output, slopes: slope) < GoldenValue.tolerance)
    #expect(run.gradients["key_conv.bias"]!.elements.allSatisfy { abs($0) < Scalar(tolerance(1e-4, 1e-12)) })
  }

  @Test func `a position draws from its row and column, from itself once`() throws {
    let layer = layer(recurrence: 1)
    try layer.loadGoldenFill()
    let (q, k, v) = (layer.query(x), layer.key(x), layer.value(x))
    var drawn = Tensor.zeros(x.shape)
    for sample in 0..<2 {
      for row in 0..<3 {
        for column in 0..<4 {
          let cross = Set((0..<3).map { [$0, column] } + (0..<4).map { [row, $0] }).sorted {
            $0.lexicographicallyPrecedes($1)
          }
          let scores = cross.map { position in
            (0..<2).reduce(Scalar(0)) { $0 + q[sample, row, column, $1] * k[sample, position[0], position[1], $1] }
          }
          let weights = softmax(Tensor(scores, shape: [cross.count])).elements
          let found = layer.weights(ofRow: row, column: column, in: x)
          for (position, weight) in zip(cross, weights) {
            #expect(abs(found[sample, position[0], position[1]] - weight) < Scalar(tolerance(1e-5, 1e-14)))
          }
          drawn.withMutableElements { elements in
            for channel in 0..<16 {
              elements[((sample * 3 + row) * 4 + column) * 16 + channel] = zip(cross, weights).reduce(0) {
                $0 + $1.1 * v[sample, $1.0[0], $1.0[1], channel]
              }
            }
          }
        }
      }
    }
    #expect(layer(x).largestDifference(from: x + drawn * 0.5) < tolerance(1e-5, 1e-13))
  }

  @Test(arguments: [1, 2])
  func `CCNet needs to go over features twice: once a position reaches its row and column only`(_ recurrence: Int)
    throws
  {
    let layer = layer(recurrence: recurrence)
    try layer.loadGoldenFill()
    let reached = LayerChecks.reach(of: layer, toRow: 0, column: 0, in: GoldenFill.features(1, 16, 3, 4))
    let cross = Set([[0, 0], [0, 1], [0, 2], [0, 3], [1, 0], [2, 0]])
    #expect(recurrence == 1 ? reached == cross : reached.count == 12)
  }

  @Test(arguments: [1, 2, 3])
  func `the weights of a position are a cross the first time, and everywhere afterwards`(_ recurrence: Int) throws {
    let layer = layer(recurrence: recurrence)
    try layer.loadGoldenFill()
    for position in 0..<12 {
      let (row, column) = (position / 4, position % 4)
      let weights = layer.weights(ofRow: row, column: column, in: x)
      #expect(weights.shape == [2, 3, 4])
      #expect(weights.sum(axes: [1, 2]).elements.allSatisfy { abs($0 - 1) < Scalar(tolerance(1e-5, 1e-13)) })
      let positive = weights.elements.enumerated().filter { $0.element > 0 }.map { $0.offset % 12 }
      let expected = (0..<12).filter { recurrence > 1 || $0 / 4 == row || $0 % 4 == column }
      #expect(positive == expected + expected)
    }
  }

  @Test func `weights of the second time are multiplied by those of the first`() throws {
    let (once, twice) = (layer(recurrence: 1), layer(recurrence: 2))
    try once.loadGoldenFill()
    try twice.loadGoldenFill()
    func map(_ x: Tensor) -> Tensor {
      concatenate(
        (0..<12).map { once.weights(ofRow: $0 / 4, column: $0 % 4, in: x).reshaped(to: [2, 1, 12]) }, axis: 1)
    }
    let product = matmul(map(once(x)), map(x)).sliced(axis: 1, 6..<7)
    let found = twice.weights(ofRow: 1, column: 2, in: x).reshaped(to: [2, 1, 12])
    #expect(found.largestDifference(from: product) < tolerance(1e-6, 1e-14))
  }

  @Test func `an untrained layer gives its input, and only its gate learns`() {
    let first = FirstStep(of: layer(recurrence: 2), at: x)
    #expect(first.isIdentity)
    #expect(first.learning == ["gamma"])
  }

  @Test func `sizes, names and costs are those of the port`() {
    let layer = CrissCrossAttention(channels: 16, initialization: Initialization(seed: 3))
    #expect(layer.parameterCount == 16 * 16 + 16 + 2 * (16 * 2 + 2) + 1)
    #expect(layer.multiplyAdds(height: 3, width: 4) == 2 * (12 * (256 + 64) + 12 * 7 * (2 + 16)))
    #expect(
      layer.stateDictionary().map(\.name) == [
        "gamma", "query_conv.weight", "query_conv.bias", "key_conv.weight", "key_conv.bias", "value_conv.weight",
        "value_conv.bias",
      ])
  }

  @Test func `what cannot be built is told`() {
    var options = CrissCrossAttention.Options()
    #expect(CrissCrossAttention.problem(channels: 8, options: options) == nil)
    #expect(CrissCrossAttention.problem(channels: 7, options: options)?.contains("(7)") == true)
    options.recurrence = 0
    #expect(CrissCrossAttention.problem(channels: 8, options: options)?.contains("recurrence (0)") == true)
  }
}
