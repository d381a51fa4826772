import NeuralNetworks
import Tensors
import TestSupport
import Testing

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
