import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct LossesTests {
  static let scores = Tensor([-2, 0, 0.5, 3], shape: [2, 2])

  @Test func `the mean absolute error averages over all elements`() {
    #expect(meanAbsoluteError(Self.scores, Tensor([0, 0, 0, 1], shape: [2, 2])).scalar == 1.125)
  }

  @Test func `the discriminator's hinge counts each side half, and only within the margin`() {
    // Real: 3, 1, 0.5, 0. Fake: 0, 1, 1.5, 4.
    #expect(hingeDiscriminatorLoss(real: Self.scores, fake: .zeros([4])).scalar == 0.5 * 4.5 / 4 + 0.5)
    #expect(hingeDiscriminatorLoss(real: .zeros([4]), fake: Self.scores).scalar == 0.5 + 0.5 * 6.5 / 4)
    #expect(hingeDiscriminatorLoss(real: .zeros([3]), fake: .zeros([5])).scalar == 1)
  }

  @Test func `the generator's hinge is minus the mean score`() {
    #expect(hingeGeneratorLoss(fake: Self.scores).scalar == -0.375)
  }

  @Test func `gradients agree with finite differences`() {
    let (x, y) = (Tensor.wave([2, 3]), Tensor.wave([2, 3], phase: 1.7))
    #expect(GradientCheck.largestError(at: [x, y]) { meanAbsoluteError($0[0], $0[1]) } < GradientCheck.tolerance)
    let error = GradientCheck.largestError(at: [x * 3, y * 3]) {
      square(hingeDiscriminatorLoss(real: $0[0], fake: $0[1])) + hingeGeneratorLoss(fake: $0[1])
    }
    #expect(error < GradientCheck.tolerance)
  }
}
