import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct StepRandomnessTests {
  private func numbers(
    seed: UInt64 = 1, step: Int = 2, purpose: String = "test", occasion: Int = 0
  ) -> [Scalar] {
    StepRandomness(seed: seed, step: step).uniform([2, 3], purpose: purpose, occasion: occasion).elements
  }

  @Test func `the same step draws the same numbers`() {
    #expect(numbers() == numbers())
    #expect(numbers().count == 6 && numbers().allSatisfy { (0..<1).contains($0) } && Set(numbers()).count == 6)
  }

  @Test func `seed, step, purpose and occasion all count`() {
    let others = [
      numbers(seed: 2), numbers(step: 3), numbers(purpose: "other"), numbers(occasion: 1), numbers(step: 0),
    ]
    #expect(others.allSatisfy { $0 != numbers() })
  }
}

/// A generator whose buffers follow the samples, in a process with one leaf and in one with several.
@Suite struct GeneratorPassTests {
  /// The buffers after the pass for the adversary and after the one for the generator, of the first of so many leaves.
  private func buffers(leaves: Int) -> (start: [[Scalar]], ahead: [[Scalar]], recorded: [[Scalar]], calls: Int) {
    let normalization = BatchNorm2d(channels: 3)
    let buffers = normalization.namedBuffers.map(\.buffer)
    var calls = 0
    let pass = GeneratorPass(parameters: normalization.parameters, buffers: buffers) { batch in
      calls += 1
      return Prediction(stages: [], completed: normalization(batch.images))
    }
    let images = concatenate(
      (0..<leaves).map { Tensor.noise("leaf \($0)", [2, 4, 4, 3]) }, axis: 0)
    let whole = InpaintingBatch(images: images, holes: .ones([1, 4, 4, 1]))
    // Of four leaves of the step, as a process has some.
    let batch = StepBatch(whole, leaves: 0..<leaves, of: 4)
    let values = { buffers.map(\.value.elements) }
    let start = values()
    _ = pass.ahead(batch.leaf(0), of: batch)
    let ahead = values()
    _ = pass.recorded(batch.leaf(0))
    return (start, ahead, values(), calls)
  }

  @Test func `buffers advance for the generator alone, whether a tape is kept or not`() {
    let (one, several) = (buffers(leaves: 1), buffers(leaves: 2))
    #expect(one.calls == 1 && several.calls == 2)
    for pass in [one, several] { #expect(pass.ahead == pass.start && pass.recorded != pass.start) }
    #expect(one.recorded == several.recorded)
  }
}
