import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct HoleErrorsTests {
  /// Two pictures of 2 x 3 pixels in one channel.
  private let target = Tensor.zeros([2, 2, 3, 1])
  private let x = Tensor([1, 2, 4, 8, 16, 32, 3, 0, 0, 0, 5, 0], shape: [2, 2, 3, 1])
  /// The first picture misses its last column, the second one pixel.
  private let holes = Tensor([0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0], shape: [2, 2, 3, 1])

  @Test func `each picture's mean is over its own missing pixels, and pictures count the same`() {
    #expect(abs(holeMeanAbsoluteError(x, target, holes).scalar - (18 + 3) / 2) < 1e-5)
    #expect(holeMeanAbsoluteError(-x, target, holes).scalar == holeMeanAbsoluteError(x, target, holes).scalar)
    let root = (Double(16 + 1024) / 2).squareRoot()
    #expect(abs(Double(holeRootMeanSquaredError(x, target, holes, floor: 0).scalar) - (root + 3) / 2) < 1e-5)
    #expect(abs(holeRootMeanSquaredError(target, target, holes, floor: 0.25).scalar - 0.5) < 1e-5)
    let expected = (log(Double(16 + 1024) / 2) + log(9.0)) / 2
    #expect(abs(Double(holeLogMeanSquaredError(x, target, holes, floor: 0).scalar) - expected) < 1e-5)
    #expect(abs(holeLogMeanSquaredError(target, target, holes, floor: 0.5).scalar - log(0.5)) < 1e-5)
  }

  @Test func `differences of neighbors count where one of the two is missing`() {
    // First picture, side by side: 2 and 16; one above the other: 28. Second: 3; 3.
    #expect(abs(holeGradientError(x, target, holes).scalar - ((9 + 28) + (3 + 3)) / 2) < 1e-5)
    // A constant changes no difference.
    #expect(abs(holeGradientError(x + 7, x, holes).scalar) < 1e-5)
  }

  @Test func `one hole serves all pictures, and without missing pixels nothing is wrong`() {
    let one = holes.sliced(axis: 0, 0..<1)
    let (both, none) = (concatenate([one, one], axis: 0), Tensor.zeros(holes.shape))
    for error in [holeMeanAbsoluteError, holeGradientError] {
      #expect(error(x, target, one).scalar == error(x, target, both).scalar)
      #expect(error(x, target, none).scalar == 0)
    }
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"))
  func `gradients agree with finite differences`() {
    let pictures: [Tensor] = [.wave([2, 4, 3, 2]), .wave([2, 4, 3, 2], frequency: 0.9, phase: 0.4)]
    let holes = Tensor((0..<24).map { $0 % 3 == 0 ? 1 : 0 }, shape: [2, 4, 3, 1])
    for error in [
      holeMeanAbsoluteError, holeGradientError, { holeRootMeanSquaredError($0, $1, $2) },
      { holeLogMeanSquaredError($0, $1, $2) }, structuralDissimilarityOfLarge,
    ] {
      #expect(GradientCheck.largestError(at: pictures) { error($0[0], $0[1], holes) } < GradientCheck.tolerance)
    }
  }

  /// Pictures that are too small for a window, four times as large.
  private func structuralDissimilarityOfLarge(_ x: Tensor, _ target: Tensor, _ holes: Tensor) -> Tensor {
    func large(_ pictures: Tensor) -> Tensor {
      concatenate([Tensor](repeating: concatenate([pictures, pictures], axis: 1), count: 4), axis: 2)
    }
    return structuralDissimilarity(large(x), large(target), large(holes))
  }
}
