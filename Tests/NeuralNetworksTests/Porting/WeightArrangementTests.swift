import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct WeightArrangementTests {
  @Test func `outputs come first in PyTorch's filters`() {
    let filter = Tensor.counting([2, 2, 3, 4])
    let foreign = WeightArrangement.outputsFirst.foreign(filter)
    #expect(foreign.shape == [4, 3, 2, 2])
    #expect(foreign[3, 2, 1, 0] == filter[1, 0, 2, 3])
  }

  @Test(arguments: [
    (WeightArrangement.same, [2, 3, 4, 5]), (.same, [7]), (.outputsFirst, [2, 3, 4, 5]), (.transposed, [1, 6]),
    (.transposed, [2, 3]), (.pointwise, [2, 3]), (.sequence, [4, 2, 3]),
  ])
  func `what is rearranged comes back, and shapes are foretold`(_ arrangement: WeightArrangement, _ shape: Shape) {
    let own = Tensor.counting(shape)
    let foreign = arrangement.foreign(own)
    #expect(foreign.shape == arrangement.foreignShape(shape))
    #expect(arrangement.ownShape(foreign.shape) == shape)
    #expect(arrangement.own(foreign, shape: shape).elements == own.elements)
  }

  @Test(arguments: [WeightArrangement.channelsFirst, .channelsLast])
  func `dense layers come back, and their inputs are counted`(_ arrangement: WeightArrangement) {
    let own = Tensor.counting([2, 3, 4, 2])
    let foreign = arrangement.foreign(own)
    #expect(foreign.shape == arrangement.foreignShape(own.shape))
    #expect(arrangement.ownShape(foreign.shape) == [1, 1, 24, 2])
    #expect(arrangement.own(foreign, shape: own.shape).elements == own.elements)
    #expect(arrangement.ownShape([2, 3, 4]) == nil)
  }

  @Test func `dense layers count channels before places in PyTorch, and after them in TensorFlow`() {
    let own = Tensor.counting([2, 3, 4, 1])
    // Row 1, column 2, channel 3.
    #expect(WeightArrangement.channelsFirst.foreign(own)[0, 3 * 6 + 1 * 3 + 2] == own[1, 2, 3, 0])
    #expect(WeightArrangement.channelsLast.foreign(own)[(1 * 3 + 2) * 4 + 3, 0] == own[1, 2, 3, 0])
  }

  @Test func `outputs come first in PyTorch's matrices and sequences`() {
    #expect(WeightArrangement.pointwise.foreign(.counting([2, 3]))[2, 1, 0] == 5)
    #expect(WeightArrangement.sequence.foreign(.counting([4, 2, 3]))[2, 1, 3] == 23)
    #expect(WeightArrangement.sequence.foreign(.counting([4, 2, 3]))[0, 0, 3] == 18)
    #expect(WeightArrangement.pointwise.ownShape([3, 2, 2]) == nil)
  }

  @Test func `shapes that no parameter has are told`() {
    #expect(WeightArrangement.outputsFirst.ownShape([3, 3, 3]) == nil)
    #expect(WeightArrangement.transposed.ownShape([3]) == nil)
  }
}
