import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct LeastSquaresLossesTests {
  private let real = Tensor([1, 2, 4], shape: [3])
  private let fake = Tensor([-4, 1], shape: [2, 1])

  @Test func `the discriminator wants 1 for real pictures and 0 for generated ones`() {
    #expect(abs(leastSquaresDiscriminatorLoss(real: real, fake: fake).scalar - (10.0 / 6 + 17.0 / 4)) < 1e-6)
    #expect(leastSquaresDiscriminatorLoss(real: .ones([2]), fake: .zeros([2])).scalar == 0)
  }

  @Test func `the generator wants 1 for its own`() {
    #expect(leastSquaresGeneratorLoss(fake: fake).scalar == 12.5)
  }

  @Test func `gradients agree with finite differences`() {
    let error = GradientCheck.largestError(at: [real, fake]) {
      leastSquaresDiscriminatorLoss(real: $0[0], fake: $0[1]) + leastSquaresGeneratorLoss(fake: $0[1])
    }
    #expect(error < GradientCheck.tolerance)
  }
}
