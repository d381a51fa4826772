import Support
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

@Suite struct ShapeTests {
  @Test(arguments: [([], 1), ([0], 0), ([7], 7), ([2, 3, 4], 24), ([2, 0, 4], 0)])
  func `the element count is the product of the sizes`(shape: Shape, count: Int) {
    #expect(shape.elementCount == count)
  }

  static let fitting: [(Shape, Shape, Shape)] = [
    ([], [], []), ([], [3], [3]), ([2, 3], [], [2, 3]), ([1], [3], [3]), ([2, 3], [3], [2, 3]),
    ([2, 1], [3], [2, 3]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([1, 1], [1], [1, 1]), ([0], [1], [0]),
    ([1, 3], [0, 1], [0, 3]),
    ([5, 1, 1, 2], [4, 1, 2], [5, 4, 1, 2]),
  ]

  @Test(arguments: fitting)
  func `shapes are matched from the last axis`(left: Shape, right: Shape, both: Shape) {
    #expect(left.broadcast(with: right) == both)
    #expect(right.broadcast(with: left) == both)
  }

  @Test(arguments: [([2], [3]), ([2, 3], [2]), ([2, 3], [3, 2]), ([0], [2]), ([4, 2, 3], [4, 3])])
  func `shapes that do not fit have no common one`(left: Shape, right: Shape) {
    #expect(left.broadcast(with: right) == nil)
    #expect(right.broadcast(with: left) == nil)
  }

  @Test func `negative axes count from the end`() {
    #expect([2, 3, 4].resolved(-1, "test") == 2)
    #expect([2, 3, 4].resolved(-3, "test") == 0)
    #expect([2, 3, 4].resolved(1, "test") == 1)
  }
}

@Suite struct RandomValuesTests {
  @Test func `elements are the stream's numbers in row-major order`() {
    var stream = RandomStream(seed: 3, purpose: "values")
    var same = stream
    let uniform = Tensor.uniform([2, 3], in: -1..<3, from: &stream)
    #expect(uniform.elements == (0..<6).map { _ in Scalar(same.uniform(-1..<3)) })
    let normal = Tensor.normal([4], deviation: 2, from: &stream)
    #expect(normal.elements == (0..<4).map { _ in Scalar(2 * same.normal()) })
    #expect(stream.next() == same.next())
  }

  @Test func `samples beyond two standard deviations are drawn again`() {
    var stream = RandomStream(seed: 4, purpose: "values")
    let values = Tensor.truncatedNormal([4000], deviation: 0.5, from: &stream).elements
    #expect(values.allSatisfy { Swift.abs($0) <= 1 } && values.contains { Swift.abs($0) > 0.95 })
  }
}
