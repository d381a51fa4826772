import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct HeadSimilarityTests {
  private let queries = Tensor.wave([4, 5, 3])
  private let keys = Tensor.wave([4, 6, 3], frequency: 0.9, phase: 1)
  private let values = Tensor.wave([4, 6, 3], frequency: 0.5, phase: 2)

  /// Two heads of three channels.
  private func similarity(_ kind: MultiHeadAttention.Similarity) -> HeadSimilarity {
    let similarity = HeadSimilarity(kind, heads: 2, size: 3, initialization: Initialization(seed: 1))
    similarity.fillWithWaves(scale: 1)
    return similarity
  }

  /// The similarity of a query and a key of a head, by the definition.
  private func score(_ similarity: HeadSimilarity, _ head: Int, _ q: [Double], _ k: [Double]) -> Double {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).map(*).reduce(0, +) }
    func own(_ parameter: Parameter?) -> [Double] {
      parameter!.value.sliced(axis: 0, head..<head + 1).elements.map { Double($0) }
    }
    func product(_ x: [Double], _ matrix: [Double]) -> [Double] {
      (0..<3).map { column in dot(x, (0..<3).map { matrix[$0 * 3 + column] }) }
    }
    switch similarity.kind {
    case .dot: return dot(q, k)
    case .scaledDot: return dot(q, k) / 3.0.squareRoot()
    case .general: return dot(product(q, own(similarity.queryWeight)), k)
    case .concatenation: return dot(own(similarity.scoreWeight), (q + k).map { max(0, $0) })
    case .perceptron:
      let sums = zip(product(q, own(similarity.queryWeight)), product(k, own(similarity.keyWeight))).map(+)
      return dot(own(similarity.scoreWeight), sums.map { Double(tanh(Tensor(Scalar($0))).scalar) })
    }
  }

  /// The weights by the definition, [heads · batch, queries, keys].
  private func naiveWeights(_ similarity: HeadSimilarity) -> Tensor {
    var scores: [Scalar] = []
    for group in 0..<4 {
      for query in 0..<5 {
        let q = (0..<3).map { Double(queries[group, query, $0]) }
        for key in 0..<6 {
          let k = (0..<3).map { Double(keys[group, key, $0]) }
          scores.append(Scalar(score(similarity, group / 2, q, k)))
        }
      }
    }
    return softmax(Tensor(scores, shape: [4, 5, 6]))
  }

  @Test(arguments: MultiHeadAttention.Similarity.allCases)
  func `dot, concat, perceptron; then softmax; then weighted sum`(_ kind: MultiHeadAttention.Similarity) {
    let similarity = similarity(kind)
    let expected = naiveWeights(similarity)
    #expect(similarity.weights(of: queries, keys).largestDifference(from: expected) < tolerance(1e-6, 1e-14))
    let drawn = similarity(queries, keys, values, bytes: 1 << 20)
    #expect(drawn.largestDifference(from: matmul(expected, values)) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: MultiHeadAttention.Similarity.allCases)
  func `rows of every softmax map sum to 1`(_ kind: MultiHeadAttention.Similarity) {
    let weights = similarity(kind).weights(of: queries, keys)
    #expect(weights.sum(axes: [2]).largestDifference(from: .ones([4, 5, 1])) < tolerance(1e-6, 1e-14))
    #expect(weights.sum(axes: [1]).largestDifference(from: .ones([4, 1, 6])) > 1e-2)
  }

  @Test func `what depends on queries alone leaves the concatenation, and has no gradient`() {
    let similarity = similarity(.concatenation)
    let weights = similarity.weights(of: queries, keys)
    #expect(areIdentical(weights.elements, weights.sliced(axis: 1, 0..<1).expanded(to: weights.shape).elements))
    let slope = valueWithGradient(at: similarity.parameters) {
      (similarity(queries, keys, values, bytes: 1 << 20) * .wave([4, 5, 3])).sum()
    }.gradient[0]
    #expect(slope.sliced(axis: 1, 0..<3).elements.allSatisfy { $0 == 0 })
    #expect(abs(slope.sliced(axis: 1, 3..<6)).sum().scalar > 1e-2)
  }

  /// - Parameter rows: The number of queries of a block.
  private func bytes(_ kind: MultiHeadAttention.Similarity, rows: Int) -> Int {
    rows * 4 * 6 * (kind == .perceptron ? 3 : 1) * MemoryLayout<Scalar>.stride
  }

  @Test(arguments: MultiHeadAttention.Similarity.allCases)
  func `blocks give what the whole gives`(_ kind: MultiHeadAttention.Similarity) {
    let similarity = similarity(kind)
    let sources = [queries, keys, values].map { Parameter($0) } + similarity.parameters
    func slopes(rows: Int) -> [Tensor] {
      valueWithGradient(at: sources) {
        let drawn = similarity(
          sources[0].value, sources[1].value, sources[2].value, bytes: bytes(kind, rows: rows))
        return (drawn * .wave([4, 5, 3])).sum()
      }.gradient
    }
    for rows in [1, 2] {
      for (part, whole) in zip(slopes(rows: rows), slopes(rows: 5)) {
        #expect(part.largestDifference(from: whole) < tolerance(1e-5, 1e-13))
      }
    }
  }

  @Test func `each head starts with values of its own, by the fans of one`() {
    let similarity = HeadSimilarity(.general, heads: 2, size: 64, initialization: Initialization(seed: 1))
    let weights = similarity.queryWeight!.value
    let halves = (0..<2).map { weights.sliced(axis: 0, $0..<$0 + 1) }
    #expect(halves[0].largestDifference(from: halves[1]) > 0.1)
    let largest = weights.elements.map { abs(Double($0)) }.max()!
    #expect(largest < (6.0 / 128).squareRoot() && largest > 0.95 * (6.0 / 128).squareRoot())
  }
}
