import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct PatchLengthTests {
  /// The sums of the squares of all 3x3 patches, by loops.
  private func squares(_ x: Tensor) -> [Double] {
    let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
    return (0..<height * width).map { position in
      var sum = 0.0
      for row in max(0, position / width - 1)...min(height - 1, position / width + 1) {
        for column in max(0, position % width - 1)...min(width - 1, position % width + 1) {
          for channel in 0..<channels { sum += Double(x[0, row, column, channel]) * Double(x[0, row, column, channel]) }
        }
      }
      return sum
    }
  }

  @Test func `the floor is under the length, the offset under the root, for each element`() {
    for scale in [1, 1e-3, 1e-6, 0] {
      let x = Tensor.noise("x", [1, 3, 4, 2], scale: scale)
      let floored = PatchNorm.floored.lengths(of: x).elements
      let offset = PatchNorm.offset.lengths(of: x).elements
      for (position, square) in squares(x).enumerated() {
        #expect(abs(Double(floored[position]) / max(square.squareRoot(), 1e-4) - 1) < 1e-5)
        #expect(abs(Double(offset[position]) / (square + 18e-4).squareRoot() - 1) < 1e-5)
      }
    }
  }

  @Test(arguments: PatchNorm.allCases)
  func `gradients agree with finite differences`(_ length: PatchNorm) {
    let error = GradientCheck.largestError(at: [.noise("x", [2, 3, 3, 2])]) { length.lengths(of: $0[0]) }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `attention divides by the length that it is told`() {
    let features = Tensor.noise("features", [1, 8, 8, 2], scale: 0.05)
    let hole = Tensor.zeros([1, 4, 4, 1])
    let floored = ContextualAttention()(features, hole: hole)
    let offset = ContextualAttention(patchLength: .offset)(features, hole: hole)
    #expect(floored.largestDifference(from: offset) > 1e-4)
    // In the offset's company lengths of about 0.1 count little: all patches weigh nearly the same.
    let large = ContextualAttention(patchLength: .offset)(features * 1000, hole: hole) / 1000
    let expected = ContextualAttention()(features * 1000, hole: hole) / 1000
    #expect(large.largestDifference(from: expected) < 1e-3)
  }
}

/// Attention among patches that are compared as they are, against loops over pixels.
@Suite struct StridedPatchScoresTests {
  private static let shape = [1, 6, 8, 2]
  private let foreground = Tensor.noise("foreground", shape)
  private let background = Tensor.noise("background", shape)
  private let hole: Tensor = {
    var hole = Tensor.zeros([1, 3, 4, 1])
    hole.withMutableElements { $0[3] = 1 }
    return hole
  }()

  private func pixel(_ x: Tensor, _ row: Int, _ column: Int, _ channel: Int) -> Double {
    (0..<6).contains(row) && (0..<8).contains(column) ? Double(x[0, row, column, channel]) : 0
  }

  /// The scores of one position with the twelve patches of the background.
  private func scores(_ row: Int, _ column: Int) -> [Double] {
    (0..<12).map { key in
      var (product, squares) = (0.0, 0.0)
      for dy in -1...1 {
        for dx in -1...1 {
          for channel in 0..<2 {
            let value = pixel(background, 2 * (key / 4) + dy, 2 * (key % 4) + dx, channel)
            product += pixel(foreground, row + dy, column + dx, channel) * value
            squares += value * value
          }
        }
      }
      return product / max(squares.squareRoot(), 1e-4)
    }
  }

  /// The hole of the last position of the first row reaches to its neighbors, no further.
  private func isKnown(_ key: Int) -> Bool { ![2, 3, 6, 7].contains(key) }

  private var expected: [Double] {
    var out = [Double](repeating: 0, count: 6 * 8 * 2)
    for row in 0..<6 {
      for column in 0..<8 {
        let logits = scores(row, column).enumerated().map { isKnown($0.offset) ? $0.element : 0 }
        let weights = softmax(Tensor(logits.map { Scalar($0) }, shape: [1, 12])).elements
        for key in 0..<12 where isKnown(key) {
          for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] where row + dy < 6 && column + dx < 8 {
            for channel in 0..<2 {
              out[((row + dy) * 8 + column + dx) * 2 + channel] +=
                Double(weights[key]) * pixel(background, 2 * (key / 4) + dy, 2 * (key % 4) + dx, channel) / 4
            }
          }
        }
      }
    }
    return out
  }

  @Test func `it is what loops over pixels compute`() {
    let found = ContextualAttention(fuses: false, reduction: .stride, scale: 1)(
      foreground, background: background, hole: hole)
    let worst = zip(found.elements, expected).map { abs(Double($0) - $1) }.max()!
    #expect(found.shape == Self.shape && worst < tolerance(1e-5, 1e-12))
  }

  @Test func `neighbors of a match strengthen it`() {
    let fused = ContextualAttention(reduction: .stride)(foreground, background: background, hole: hole)
    let single = ContextualAttention(fuses: false, reduction: .stride)(foreground, background: background, hole: hole)
    #expect(fused.largestDifference(from: single) > 1e-2)
  }

  @Test func `a picture whose patches are all different is found in itself`() {
    let features = Tensor.noise("own", [1, 16, 16, 8])
    let attention = ContextualAttention(reduction: .stride)
    let maps = attention.argmaxMaps(features, hole: .zeros([1, 8, 8, 1]))
    let still = maps[0].offsets.filter { $0 == .init(x: 0, y: 0) }.count
    #expect(maps[0].width == 8 && maps[0].height == 8 && still > 56)
  }

  @Test func `pictures of a batch are rebuilt as each alone`() {
    let features = Tensor.noise("batch", [2, 6, 8, 2])
    let attention = ContextualAttention(reduction: .stride)
    let both = attention(features, hole: hole)
    for sample in 0..<2 {
      let range = sample..<sample + 1
      let alone = attention(features.sliced(axis: 0, range), hole: hole)
      #expect(both.sliced(axis: 0, range).largestDifference(from: alone) < 1e-6)
    }
  }

  @Test(arguments: [true, false])
  func `gradients of order 1 and 2 agree with finite differences`(_ fuses: Bool) {
    let foreground = Tensor.noise("foreground", [1, 4, 4, 1], scale: 0.4)
    let background = Tensor.noise("background", [1, 4, 4, 1])
    let attention = ContextualAttention(fuses: fuses, reduction: .stride, scale: 1)
    let error = GradientCheck.largestError(at: [foreground, background]) {
      attention($0[0], background: $0[1], hole: .zeros([1, 2, 2, 1]))
    }
    #expect(error < GradientCheck.tolerance)
  }
}
