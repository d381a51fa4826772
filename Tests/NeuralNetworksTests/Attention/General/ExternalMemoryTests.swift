import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalMemoryTests {
  private func memory(_ values: ExternalMemory.Values, bias: Bool = false) -> ExternalMemory {
    ExternalMemory(
      channels: 3, units: 4, values: values, bias: bias, epsilon: 1e-9, initialization: Initialization(seed: 1))
  }

  @Test func `a softmax over the tokens, then a division by the sum over the units`() {
    let memory = memory(.own)
    let tokens = Tensor.wave([1, 5, 3])
    let logits = matmul(tokens, memory.keys.value)
    let shared = softmax(logits, axis: 1)
    let expected = (shared / shared.sum(axes: [2])).permuted([0, 2, 1])
    #expect(memory.weights(of: tokens).largestDifference(from: expected) < tolerance(1e-6, 2e-8))
    #expect(memory.weights(of: tokens).largestDifference(from: softmax(logits, axis: 2).permuted([0, 2, 1])) > 1e-2)
  }

  @Test(arguments: [false, true])
  func `a token's weights have the sum 1`(_ bias: Bool) {
    let memory = memory(.own, bias: bias)
    memory.fillWithWaves()
    let sums = memory.weights(of: .wave([2, 6, 3])).sum(axes: [1])
    #expect(sums.largestDifference(from: .ones([2, 1, 6])) < tolerance(1e-6, 1e-7))
  }

  @Test func `biases of keys have no gradient, as the softmax takes them away`() {
    let memory = memory(.own, bias: true)
    memory.fillWithWaves()
    let slopes = valueWithGradient(at: [memory.keyBias!, memory.valueBias!]) {
      (memory(.wave([2, 6, 3])) * .wave([2, 6, 3], frequency: 0.9)).sum()
    }.gradient
    #expect(slopes[0].largestDifference(from: .zeros([4])) < tolerance(1e-6, 1e-14))
    #expect(slopes[1].largestDifference(from: .zeros([3])) > 0.1)
  }

  @Test func `values may be the keys, start as the keys, or be their own`() {
    let (tied, starting, own) = (memory(.keys), memory(.startingAsKeys), memory(.own))
    let tokens = Tensor.wave([2, 5, 3])
    #expect(tied.parameterCount == 12 && starting.parameterCount == 24)
    #expect(starting(tokens).largestDifference(from: tied(tokens)) < tolerance(1e-6, 1e-14))
    #expect(own(tokens).largestDifference(from: tied(tokens)) > 1e-2)
    starting.values!.assign(.zeros([4, 3]))
    #expect(areIdentical(starting.keys.value.elements, tied.keys.value.elements))
  }

  @Test(arguments: [ExternalMemory.Values.keys, .startingAsKeys, .own])
  func `gradients of order 1 and 2 agree with finite differences`(_ values: ExternalMemory.Values) {
    let memory = memory(values, bias: true)
    memory.fillWithWaves()
    let error = GradientCheck.largestError(of: memory, at: [.wave([2, 4, 3])]) { memory($0[0]) }
    #expect(error < GradientCheck.tolerance)
  }
}
