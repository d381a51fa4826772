import InpaintingModels
import Tensors
import Testing

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
