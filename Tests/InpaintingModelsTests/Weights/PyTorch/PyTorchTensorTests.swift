import Tensors
import Testing

@testable import InpaintingModels

@Suite struct PyTorchTensorTests {
  private func tensor(_ shape: [Int], _ strides: [Int], offset: Int = 0, of count: Int = 24) -> PyTorchTensor {
    let storage = PyTorchStorage(type: .float32, record: "0", range: 0..<count)
    return PyTorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private func places(_ tensor: PyTorchTensor) -> [Int] {
    var places: [Int] = []
    tensor.forEachIndex { places.append(tensor.span.lowerBound + $0) }
    return places
  }

  @Test func `elements are found by their strides`() {
    #expect(places(tensor([2, 3], [3, 1])) == [0, 1, 2, 3, 4, 5])
    #expect(places(tensor([3, 2], [1, 3], offset: 2)) == [2, 5, 3, 6, 4, 7])
    #expect(places(tensor([2, 2, 2], [0, 5, 1])) == [0, 1, 5, 6, 0, 1, 5, 6])
    #expect(places(tensor([], [], offset: 23)) == [23])
    #expect(places(tensor([2, 0], [1, 1])) == [])
    #expect(places(tensor([2, 1], [2, .max])) == [0, 2])
  }

  @Test func `only what lies in row-major order is contiguous`() {
    #expect(tensor([2, 3], [3, 1]).isContiguous)
    #expect(tensor([2, 1, 3], [3, 77, 1]).isContiguous)
    #expect(!tensor([2, 3], [1, 2]).isContiguous)
    #expect(!tensor([2, 3], [4, 1]).isContiguous)
  }

  @Test func `what fits its storage has no fault`() {
    #expect(tensor([4, 6], [6, 1]).fault == nil)
    #expect(tensor([], [], offset: 23).fault == nil)
    #expect(tensor([0, 5], [100, 1], offset: 24).fault == nil)
    #expect(tensor([1000], [0]).fault == nil)
  }

  @Test(
    arguments: [
      ([4, 6], [6, 1], 1), ([25], [1], 0), ([], [], 24), ([2], [1, 1], 0), ([-1], [1], 0), ([2], [-1], 5),
      ([2], [1], -1),
      ([.max, .max], [0, 0], 0), ([2, 2], [.max, .max], 0), ([1 << 40], [0], 0), ([.max], [.max], 0),
    ] as [([Int], [Int], Int)])
  func `what reaches beyond its storage or memory is a fault`(_ shape: [Int], _ strides: [Int], _ offset: Int) {
    #expect(tensor(shape, strides, offset: offset).fault != nil)
  }
}
