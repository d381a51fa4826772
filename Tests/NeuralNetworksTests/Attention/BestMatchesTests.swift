import NeuralNetworks
import Tensors
import TestSupport
import Testing

struct BestMatchesTests {
  /// Features of two places a cell, and a hole of some cells.
  private func hole(_ height: Int, _ width: Int, _ missing: [(Int, Int)]) -> Tensor {
    var hole = Tensor.zeros([1, height, width, 1])
    hole.withMutableElements { for (y, x) in missing { $0[y * width + x] = 1 } }
    return hole
  }

  @Test(arguments: [true, false])
  func `the best match is the largest of the whole matrix's scores among known patches`(_ fuses: Bool) {
    // More places than a block has, and neither a square nor a multiple.
    let (height, width) = (17, 19)
    let foreground = Tensor.noise("features", [2, 2 * height, 2 * width, 3])
    let hole = hole(height, width, [(5, 5), (5, 6), (6, 5), (0, 18), (16, 0)])
    let attention = ContextualAttention(fuses: fuses, nearestRule: .floor)
    let maps = attention.bestMatches(foreground, hole: hole)
    #expect(maps.count == 2)
    for (sample, map) in maps.enumerated() {
      let scores = scores(foreground.sliced(axis: 0, sample..<sample + 1), height, width, fuses: fuses)
      let known = hole.unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1]).elements.map { $0 == 0 }
      for place in 0..<height * width {
        let row = scores[place]
        let offset = map.offsets[place]
        let match = (place / width + offset.y) * width + place % width + offset.x
        let best = row.indices.filter { known[$0] }.map { row[$0] }.max()!
        #expect(known[match])
        // Sums in another order differ by rounding.
        #expect(row[match] > best - 1e-4)
      }
    }
  }

  @Test func `a patch that is there twice is found at its other place`() {
    // Columns of random features, the right half repeating the left.
    let half = Tensor.noise("half", [1, 16, 16, 4])
    let map = ContextualAttention(fuses: false, nearestRule: .floor).bestMatches(
      concatenate([half, half], axis: 2), hole: hole(8, 16, [(4, 4)]))[0]
    #expect((map.width, map.height) == (16, 8))
    #expect(map.offsets[4 * 16 + 4] == .init(x: 8, y: 0))
  }

  @Test func `known places are their own best matches`() {
    let map = ContextualAttention(fuses: false).bestMatches(.noise("x", [1, 12, 20, 4]), hole: hole(6, 10, [(3, 4)]))[0]
    for place in 0..<60 {
      let isNearHole = abs(place / 10 - 3) <= 1 && abs(place % 10 - 4) <= 1
      #expect((map.offsets[place] == .init(x: 0, y: 0)) != isNearHole)
    }
  }

  @Test func `where nothing is known nothing is looked at`() {
    let everything = hole(2, 3, (0..<2).flatMap { y in (0..<3).map { (y, $0) } })
    let map = ContextualAttention().bestMatches(.noise("x", [1, 4, 6, 2]), hole: everything)[0]
    #expect(map.offsets == Array(repeating: .init(x: 0, y: 0), count: 6))
  }

  /// The whole score matrix, as attention is defined.
  private func scores(_ features: Tensor, _ height: Int, _ width: Int, fuses: Bool) -> [[Scalar]] {
    let count = height * width
    let queries = features.resizedNearest(height: height, width: width).unfolded(kernel: 3, padding: Padding(1))
    var scores = matmul(queries, queries / sqrt(square(queries).sum(axes: [-1])), transposeRight: true)
    if fuses {
      scores = scores.diagonalSum()
        .reshaped(to: [-1, height, width, height, width]).permuted([0, 2, 1, 4, 3]).reshaped(to: [-1, count, count])
        .diagonalSum()
        .reshaped(to: [-1, width, height, width, height]).permuted([0, 2, 1, 4, 3]).reshaped(to: [-1, count, count])
    }
    let elements = scores.elements
    return (0..<count).map { Array(elements[$0 * count..<($0 + 1) * count]) }
  }
}
