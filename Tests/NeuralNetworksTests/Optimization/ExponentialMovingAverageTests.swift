import NeuralNetworks
import Tensors
import Testing

@testable import Support

private final class Scale: Module {
  let weight = Parameter(Tensor([1, 2], shape: [2]))
}

@Suite struct ExponentialMovingAverageTests {
  @Test func `the average moves by its decay`() {
    let scale = Scale()
    let average = ExponentialMovingAverage(of: scale, decay: 0.0625)
    scale.weight.assign(Tensor([5, 2], shape: [2]))
    average.update()
    #expect(average.namedAverages.map(\.name) == ["weight"])
    #expect(average.namedAverages[0].value.elements == [4.75, 2])
    average.update()
    #expect(average.namedAverages[0].value.elements == [4.984375, 2])
    #expect(scale.weight.value.elements == [5, 2])
  }

  @Test func `while it warms up the decay is (1 + n) / (10 + n) at most`() {
    let scale = Scale()
    let average = ExponentialMovingAverage(of: scale, decay: 0.15)
    scale.weight.assign(Tensor([11, 2], shape: [2]))
    average.update()
    #expect(abs(average.namedAverages[0].value.elements[0] - 10) < 1e-5)
    average.update()
    // 2 / 11 is more than 0.15.
    #expect(abs(average.namedAverages[0].value.elements[0] - 10.85) < 1e-5)
    #expect(average.updateCount == 2)
  }

  @Test func `averages are swapped in for a while, also if that fails`() {
    struct Oops: Error {}
    let scale = Scale()
    let average = ExponentialMovingAverage(of: scale, decay: 0.0625)
    scale.weight.update { $0[0] = 3 }
    average.update()
    #expect(average.withAveragedParameters { scale.weight.value.elements } == [2.875, 2])
    #expect(scale.weight.value.elements == [3, 2])
    #expect(throws: Oops.self) { try average.withAveragedParameters { throw Oops() } }
    #expect(scale.weight.value.elements == [3, 2])
    scale.weight.update { $0[0] = 4 }
    #expect(average.namedAverages[0].value.elements == [2.875, 2])
  }

  @Test func `the optimizer's own pass moves it as a pass of its own does`() {
    let (together, apart) = (Scale(), Scale())
    let fused = ExponentialMovingAverage(of: together, decay: 0.6)
    let separate = ExponentialMovingAverage(of: apart, decay: 0.6)
    let (first, second) = (Adam(together.namedParameters), Adam(apart.namedParameters))
    for slope in [Scalar(1), -3, 0.5] {
      let gradient = Tensor([slope, 2 * slope], shape: [2])
      first.step(gradients: [gradient], learningRate: 0.1, updating: fused)
      second.step(gradients: [gradient], learningRate: 0.1)
      separate.update()
    }
    #expect(together.weight.value.elements == apart.weight.value.elements)
    #expect(fused.namedAverages[0].value.elements == separate.namedAverages[0].value.elements)
    #expect(fused.updateCount == 3)
    #expect(fused.namedAverages[0].value.elements != together.weight.value.elements)
  }

  @Test func `a restored average goes on`() throws {
    let average = ExponentialMovingAverage(of: Scale(), decay: 0.5)
    try average.restore(updateCount: 7) { _, _ in Tensor([0, 8], shape: [2]) }
    #expect(average.updateCount == 7)
    #expect(average.namedAverages[0].value.elements == [0, 8])
    let failure = #expect(throws: Failure.self) { try average.restore(updateCount: 8) { _, _ in .zeros([3]) } }
    #expect(failure?.message.contains("weight") == true)
    #expect(average.updateCount == 7)
  }
}
