import TestSupport
import Testing

@testable import Tensors

@Suite struct TensorTests {
  @Test func `making tensors`() {
    #expect(Tensor(3).shape == [])
    #expect(Tensor(3).scalar == 3)
    #expect(Tensor([1, 2, 3, 4], shape: [2, 2]).elements == [1, 2, 3, 4])
    #expect(Tensor.zeros([2, 2]).elements == [0, 0, 0, 0])
    #expect(Tensor.ones([3]).elements == [1, 1, 1])
    #expect(Tensor(repeating: 7, shape: [1, 2]).elements == [7, 7])
    #expect(Tensor.zeros([0, 5]).elements == [])
    #expect(Tensor.zeros([2, 3, 4]).rank == 3)
    #expect(Tensor.zeros([2, 3, 4]).count == 24)
  }

  @Test func `a copy shares memory until one of the two is changed`() {
    let original = Tensor.counting([4])
    var copy = original
    #expect(copy.storage === original.storage)
    copy.withMutableElements { $0[0] = 9 }
    #expect(copy.storage !== original.storage)
    #expect(copy.elements == [9, 1, 2, 3])
    #expect(original.elements == [0, 1, 2, 3])
  }

  @Test func `the only owner changes its memory in place`() {
    var tensor = Tensor.counting([4])
    let before = ObjectIdentifier(tensor.storage)
    tensor.withMutableElements { $0[1] = 5 }
    #expect(ObjectIdentifier(tensor.storage) == before)
    #expect(tensor.elements == [0, 5, 2, 3])
  }

  @Test func `views of the same memory do not change under each other`() {
    let original = Tensor.counting([2, 2])
    var reshaped = original.reshaped(to: [4])
    var detached = original.detached()
    reshaped.withMutableElements { $0[0] = 7 }
    detached.withMutableElements { $0[1] = 8 }
    #expect(original.elements == [0, 1, 2, 3])
    #expect(reshaped.elements == [7, 1, 2, 3])
    #expect(detached.elements == [0, 8, 2, 3])
  }

  @Test func `a throwing initializer gives its memory back`() async {
    await #expect(processExitsWith: .success) {
      struct Stop: Error {}
      let before = MemoryPool.tensors.liveBytes
      #expect(throws: Stop.self) { _ = try Tensor(shape: [4]) { _ in throw Stop() } }
      #expect(MemoryPool.tensors.liveBytes == before)
    }
  }

  @Test func `the description shows the shape and the first elements`() {
    #expect(Tensor([1, 2], shape: [1, 2]).description == "Tensor[1, 2](1.0, 2.0)")
    let long = Tensor.counting([9]).description
    #expect(long.contains("7.0") && !long.contains("8.0") && long.contains("…"))
  }
}
