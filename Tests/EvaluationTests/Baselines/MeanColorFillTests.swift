import Evaluation
import Tensors
import TestSupport
import Testing

@Suite struct MeanColorFillTests {
  @Test func `known pixels stay and missing ones get the known pixels' mean color`() {
    let images = Tensor([1, 0, 0.5, 0.2, 9, 9], shape: [1, 1, 3, 2])
    let filled = meanColorFill(images, holes: Tensor([0, 0, 1], shape: [1, 1, 3, 1]))
    #expect(filled.largestDifference(from: Tensor([1, 0, 0.5, 0.2, 0.75, 0.1], shape: [1, 1, 3, 2])) < 1e-6)
  }

  @Test func `a picture of which nothing is known becomes mid-gray`() {
    let filled = meanColorFill(.ones([1, 2, 2, 3]), holes: .ones([1, 2, 2, 1]))
    #expect(filled.elements.allSatisfy { $0 == 0 })
  }
}
