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

@Suite struct GradientPenaltyTests {
  private let real = Tensor.noise("real", [2, 4, 4, 2])
  private let fake = Tensor.noise("fake", [2, 4, 4, 2])
  private let mix = Tensor([0.25, 0.75], shape: [2, 1, 1, 1])
  /// The first picture misses five pixels, the second all.
  private let hole = Tensor((0..<32).map { $0 < 5 || $0 >= 16 ? 1 : 0 }, shape: [2, 4, 4, 1])

  @Test func `the slope of a linear critic is the norm of its weights, within the hole`() {
    let weights = Tensor.noise("weights", [1, 4, 4, 2])
    func expected(_ counts: (Int) -> Bool) -> Double {
      let norms = (0..<2).map { sample in
        weights.elements.enumerated().filter { counts(sample * 16 + $0.offset / 2) }
          .map { Double($0.element * $0.element) }.reduce(0, +).squareRoot()
      }
      return norms.map { ($0 - 1) * ($0 - 1) }.reduce(0, +) / 2
    }
    func found(_ hole: Tensor?) -> Double {
      Double(
        gradientPenalty(real: real, fake: fake, mix: mix, hole: hole) { ($0 * weights).sum(axes: [1, 2, 3]) }.scalar)
    }
    #expect(abs(found(nil) - expected { _ in true }) < 1e-5)
    #expect(abs(found(hole) - expected { hole.elements[$0] == 1 }) < 1e-5)
    #expect(abs(found(nil) - found(hole)) > 1e-2)
  }

  @Test func `slopes are taken between real and generated pictures`() {
    // The slope of x² / 2 is x itself.
    let between = real + mix * (fake - real)
    let norms = sqrt(square(between).sum(axes: [1, 2, 3])).elements.map { Double($0) }
    let expected = norms.map { ($0 - 1) * ($0 - 1) }.reduce(0, +) / 2
    let found = gradientPenalty(real: real, fake: fake, mix: mix) { square($0).sum(axes: [1, 2, 3]) / 2 }
    #expect(abs(Double(found.scalar) - expected) < 1e-5)
  }

  @Test func `a hole for all is that hole for each`() {
    let one = hole.sliced(axis: 0, 0..<1)
    func penalty(_ hole: Tensor) -> Scalar {
      gradientPenalty(real: real, fake: fake, mix: mix, hole: hole) { square($0).sum(axes: [1, 2, 3]) }.scalar
    }
    #expect(penalty(one) == penalty(concatenate([one, one], axis: 0)))
  }

  private func critic(leaky: Bool = true) -> [Conv2d] {
    let initialization = Initialization(seed: 4, name: "critic", weights: .normal(deviation: 0.4))
    return [
      Conv2d(
        inputChannels: 2, outputChannels: 3, kernel: 5, stride: 2, padding: .tensorflowSame,
        activation: leaky ? .leakyReLU(slope: 0.2) : .elu, initialization: initialization["conv1"]),
      Conv2d(
        inputChannels: 3, outputChannels: 1, kernel: 2, padding: .explicit(.none),
        initialization: initialization["score"]),
    ]
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"), arguments: [true, false], [true, false])
  func `its gradient agrees with finite differences in every parameter of a critic`(_ leaky: Bool, _ masked: Bool) {
    let layers = critic(leaky: leaky)
    let error = GradientCheck.largestError(at: layers.flatMap(\.parameters)) {
      gradientPenalty(real: real, fake: fake, mix: mix, hole: masked ? hole : nil) { x in
        layers.reduce(x) { $1($0) }
      }
    }
    #expect(error < 1e-7)
  }

  @Test func `without a slope it is 1 and gives a gradient of zero`() {
    let layers = critic()
    layers[1].weight.assign(.zeros(layers[1].weight.shape))
    for hole in [nil, hole, Tensor.zeros(hole.shape)] {
      let (value, gradients) = valueWithGradient(at: layers.flatMap(\.parameters)) {
        gradientPenalty(real: real, fake: fake, mix: mix, hole: hole) { x in layers.reduce(x) { $1($0) } }
      }
      #expect(abs(value.scalar - 1) < 1e-6)
      #expect(gradients.allSatisfy { $0.elements.allSatisfy { $0 == 0 } })
    }
  }
}
