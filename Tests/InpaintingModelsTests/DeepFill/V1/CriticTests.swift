import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct CriticTests {
  @Test func `parameters have their names, and sums weigh every value of the last features`() {
    let layers = ["local", "global"].flatMap { critic in
      ["conv1", "conv2", "conv3", "conv4", "score"].map { critic + "." + $0 }
    }
    let critic = tinyV1 { $0.pictureSize = 48 }.critic
    #expect(critic.namedParameters.map(\.name) == layers.flatMap { [$0 + ".weight", $0 + ".bias"] })
    #expect(critic.local.score.weight.shape == [1, 1, 16, 1])
    #expect(critic.global.score.weight.shape == [3, 3, 8, 1])
  }

  @Test func `the local critic is the published one, or narrower`() {
    var configuration = DeepFillV1Configuration()
    func counts() -> [Int] {
      let critic = CriticPair(configuration, initialization: Initialization(seed: 0))
      return [critic.local.parameterCount, critic.global.parameterCount]
    }
    #expect(counts() == [4_339_329, 2_733_441])
    configuration.hasNarrowLocalCritic = true
    #expect(counts() == [2_684_289, 2_733_441])
  }

  @Test func `the score is a plain sum, without a bound`() {
    let critic = tinyV1().critic.local
    let pictures = Tensor.noise("pictures", [3, 16, 16, 3])
    let features = pictures.through(critic.conv1, critic.conv2, critic.conv3, critic.conv4)
    critic.score.bias!.assign(Tensor([-70], shape: [1]))
    let expected = (features * critic.score.weight.value.reshaped(to: [1, 1, 1, 16])).sum(axes: [1, 2, 3]) - 70
    let scores = critic(pictures)
    #expect(scores.shape == [3])
    #expect(scores.largestDifference(from: expected.reshaped(to: [3])) < tolerance(1e-4, 1e-11))
  }

  @Test func `features are leaky, also below zero`() {
    let critic = tinyV1().critic.local
    for layer in [critic.conv1, critic.conv4] {
      layer.weight.assign(.zeros(layer.weight.shape))
      layer.bias!.assign(Tensor(repeating: -5, shape: layer.bias!.shape))
    }
    #expect(critic.conv1(.zeros([1, 16, 16, 3])).elements.allSatisfy { $0 == -1 })
    #expect(critic.conv4(.zeros([1, 2, 2, 8])).elements.allSatisfy { $0 == -1 })
  }
}
