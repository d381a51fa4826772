import Tensors
import TestSupport
import Testing

@Suite struct SamplingTests {
  @Test func `places are x and y in pixels, and channels stay together`() {
    let x = Tensor.counting([1, 2, 3, 2])
    let places = Tensor([2, 1, 0.5, 0, 0, 0.25], shape: [1, 3, 1, 2])
    let y = x.sampled(at: places)
    #expect(y.shape == [1, 3, 1, 2])
    #expect(y.elements == [10, 11, 1, 2, 1.5, 2.5])
  }

  @Test func `each picture has places of its own`() {
    let x = Tensor.counting([2, 1, 2, 1])
    #expect(x.sampled(at: Tensor([1, 0, 0, 0], shape: [2, 1, 1, 2])).elements == [1, 2])
  }

  @Test func `outside there are zeros, for each of the four pixels by itself`() {
    let x = Tensor.ones([1, 2, 2, 1])
    let places = Tensor([-0.25, 0, 1.5, 1.5, -0.5, -0.5, 5, 0, -1, 0], shape: [1, 1, 5, 2])
    #expect(x.sampled(at: places).elements == [0.75, 0.25, 0.25, 0, 0])
  }

  @Test func `the slope at a pixel's middle is that behind it`() {
    let x = Tensor([1, 5, 7], shape: [1, 1, 3, 1])
    let places = Tensor([1, 0], shape: [1, 1, 1, 2])
    #expect(gradient(at: places) { x.sampled(at: $0).sum() }.elements == [2, -5])
  }

  @Test func `the gradient counts what a pixel weighed`() {
    let places = Tensor([0.25, 0, 0.75, 0, 2, 0, 9, 0], shape: [1, 1, 4, 2])
    let slope = gradient(at: Tensor.counting([1, 1, 3, 1])) { $0.sampled(at: places).sum() }
    #expect(slope.elements == [1, 1, 1])
  }

  @Test func `places of which there is none give nothing`() {
    #expect(Tensor.ones([1, 2, 2, 1]).sampled(at: .zeros([1, 0, 3, 2])).shape == [1, 0, 3, 1])
  }
}
