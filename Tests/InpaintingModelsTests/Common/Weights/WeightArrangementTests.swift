import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct WeightArrangementTests {
  @Test func `outputs come first in PyTorch's filters`() {
    let filter = Tensor.counting([2, 2, 3, 4])
    let foreign = WeightArrangement.outputsFirst.foreign(filter)
    #expect(foreign.shape == [4, 3, 2, 2])
    #expect(foreign[3, 2, 1, 0] == filter[1, 0, 2, 3])
  }

  @Test(arguments: [
    (WeightArrangement.same, [2, 3, 4, 5]), (.same, [7]), (.outputsFirst, [2, 3, 4, 5]), (.column, [1, 6]),
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

  @Test func `shapes that no parameter has are told`() {
    #expect(WeightArrangement.outputsFirst.ownShape([3, 3, 3]) == nil)
    #expect(WeightArrangement.column.ownShape([3]) == nil)
  }
}
