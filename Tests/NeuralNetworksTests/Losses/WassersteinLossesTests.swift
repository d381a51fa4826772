import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct WassersteinLossesTests {
  private let real = Tensor([1, 2, 6], shape: [3])
  private let fake = Tensor([-4, 1], shape: [2, 1])

  @Test func `the critic's loss is how much better generated pictures score`() {
    #expect(wassersteinCriticLoss(real: real, fake: fake).scalar == -1.5 - 3)
  }

  @Test func `the generator's loss is minus the mean score`() {
    #expect(wassersteinGeneratorLoss(fake: fake).scalar == 1.5)
  }

  @Test func `gradients agree with finite differences`() {
    let error = GradientCheck.largestError(at: [real, fake]) {
      square(wassersteinCriticLoss(real: $0[0], fake: $0[1])) + wassersteinGeneratorLoss(fake: $0[1])
    }
    #expect(error < GradientCheck.tolerance)
  }
}
