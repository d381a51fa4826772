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

@Suite struct SpatialDiscountTests {
  @Test func `the published window has the published values`() {
    let map = spatialDiscount(height: 128, width: 128, discount: 0.9)
    #expect(map.shape == [1, 128, 128, 1])
    #expect(map[0, 0, 70, 0] == 1 && map[0, 70, 0, 0] == 1)
    #expect(abs(map[0, 127, 127, 0] - 0.9) < 1e-6)
    #expect(abs(map[0, 127, 64, 0] - 0.9) < 1e-6)
    #expect(abs(map[0, 64, 64, 0] - 1.179e-3) < 1e-6)
    #expect(abs(Double(map.mean().scalar) - 0.252921) < 1e-6)
  }

  @Test func `the nearest border counts, also where sides differ`() {
    let map = spatialDiscount(height: 4, width: 6, discount: 0.5)
    let expected: [Scalar] = [
      1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.25, 0.25, 0.25, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 0.5,
    ]
    #expect(map.elements == expected)
  }

  @Test func `without a discount all pixels count the same`() {
    #expect(spatialDiscount(height: 5, width: 3, discount: 1).elements.allSatisfy { $0 == 1 })
  }
}

@Suite struct TotalVariationTests {
  private let picture = Tensor([1, 4, 9, 16, 25, 36], shape: [1, 2, 3, 1])

  @Test func `pairs in the region count, of all pairs of the picture`() {
    // Side by side: 3, 5 and 9, 11; above each other: 15, 21, 27.
    #expect(abs(totalVariation(picture, in: .ones([1, 2, 3, 1])).scalar - (28 / 4 + 63 / 3)) < 1e-4)
    // Without the last column.
    let region = Tensor([1, 1, 0, 1, 1, 0], shape: [1, 2, 3, 1])
    #expect(abs(totalVariation(picture, in: region).scalar - (12.0 / 4 + 36.0 / 3)) < 1e-4)
    #expect(totalVariation(picture, in: .zeros([1, 2, 3, 1])).scalar == 0)
  }

  @Test func `one region serves all pictures`() {
    let region = Tensor([1, 1, 0, 1, 1, 0], shape: [1, 2, 3, 1])
    let two = concatenate([picture, picture * 2], axis: 0)
    #expect(abs(totalVariation(two, in: region).scalar - 1.5 * 15) < 1e-4)
  }

  @Test func `holes grow by one pixel, diagonally too`() {
    var holes = Tensor.zeros([1, 5, 6, 1])
    holes.withMutableElements { $0[1 * 6 + 4] = 1 }
    let grown = dilated(holes)
    for y in 0..<5 { for x in 0..<6 { #expect(grown[0, y, x, 0] == (y < 3 && x > 2 ? 1 : 0)) } }
    #expect(dilated(.ones([1, 3, 3, 1])).elements == [Scalar](repeating: 1, count: 9))
  }
}
