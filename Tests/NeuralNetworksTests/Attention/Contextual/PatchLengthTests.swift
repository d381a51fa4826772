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
      let floored = PatchLength.floored.lengths(of: x).elements
      let offset = PatchLength.offset.lengths(of: x).elements
      for (position, square) in squares(x).enumerated() {
        #expect(abs(Double(floored[position]) / max(square.squareRoot(), 1e-4) - 1) < 1e-5)
        #expect(abs(Double(offset[position]) / (square + 18e-4).squareRoot() - 1) < 1e-5)
      }
    }
  }

  @Test(arguments: PatchLength.allCases)
  func `gradients agree with finite differences`(_ length: PatchLength) {
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
