import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct MultiscaleDiscriminatorTests {
  private func discriminator() -> MultiscaleDiscriminator {
    let discriminator = MultiscaleDiscriminator(mapChannels: 4, width: 2, initialization: Initialization(seed: 0))
    for (number, parameter) in discriminator.parameters.enumerated() {
      parameter.assign(GoldenFill.parameter(number, parameter.shape))
    }
    for (scale, network) in discriminator.scales.enumerated() {
      for (layer, buffer) in network.namedBuffers.map(\.buffer).enumerated() {
        buffer.value = .wave(buffer.value.shape, frequency: 0.83, phase: 0.4 + Double(layer + 3 * scale))
      }
    }
    return discriminator
  }

  private let pictures = Tensor.wave([2, 16, 24, 3])
  private let map = Tensor.wave([2, 16, 24, 4], frequency: 0.29, phase: 0.3)

  /// Made with torch.nn.functional in float64 by the table of layers.
  @Test func `the features of both scales agree with PyTorch's`() {
    let found = discriminator().features(pictures, map: map).flatMap { $0 }
    let expected: [(shape: Shape, value: GoldenValue)] = [
      (
        [2, 9, 13, 2],
        .init(sum: 412.9764423697186, squares: 1149.5303399234476, first: 1.157733154508452, last: 0.01572505012874803)
      ),
      (
        [2, 5, 7, 4],
        .init(
          sum: 93.31420578513658, squares: 141.13673290955984, first: 0.4104254852095827, last: -0.020400383233172684)
      ),
      (
        [2, 3, 4, 8],
        .init(
          sum: 66.59321563817377, squares: 100.23127766262913, first: -0.0923570995601153, last: 0.0034030931724804993)
      ),
      (
        [2, 4, 5, 16],
        .init(
          sum: 221.79942393381017, squares: 328.8555189682894, first: -0.09299570885874582, last: -0.1614903501326085)
      ),
      (
        [2, 5, 6, 1],
        .init(
          sum: -17.832430230652633, squares: 10947.49290761249, first: -1.2507530265732667, last: -8.548757825036695)
      ),
      (
        [2, 5, 7, 2],
        .init(sum: 86.44930742380501, squares: 145.90067655984566, first: -0.035159344822927, last: 0.44250188191716705)
      ),
      (
        [2, 3, 4, 4],
        .init(sum: 30.482339199554847, squares: 59.50722705346295, first: 1.77800714191406, last: -0.30291425994469173)
      ),
      (
        [2, 2, 3, 8],
        .init(
          sum: 32.462373526381306, squares: 50.163268480854846, first: 0.03286617278945179, last: 0.10216846436668278)
      ),
      (
        [2, 3, 4, 16],
        .init(
          sum: 135.6663161062496, squares: 196.92448807082513, first: -0.018763293094875014, last: -0.21694279755157198)
      ),
      (
        [2, 4, 5, 1],
        .init(sum: -3.589938832967251, squares: 6218.732519549458, first: 0.3337941877659485, last: -8.441689847540367)
      ),
    ]
    #expect(found.map(\.shape) == expected.map(\.shape))
    for (found, expected) in zip(found, expected) {
      #expect(expected.value.difference(from: found) < tolerance(1e-3, 1e-9))
    }
  }

  @Test func `at 256x256 the maps have the published sizes`() {
    let discriminator = MultiscaleDiscriminator(mapChannels: 1, width: 1, initialization: Initialization(seed: 0))
    let features = discriminator.features(.noise("x", [1, 256, 256, 3]), map: .noise("map", [1, 256, 256, 1]))
    #expect(features.map { $0.map { $0.shape[1] } } == [[129, 65, 33, 34, 35], [65, 33, 17, 18, 19]])
  }

  @Test func `the same picture is discriminatorFeatures otherwise beside another map`() {
    let discriminator = discriminator()
    discriminator.setTraining(false)
    let (one, other) = (discriminator.features(pictures, map: map), discriminator.features(pictures, map: map * 0.5))
    for scale in 0..<2 { #expect(one[scale][4].largestDifference(from: other[scale][4]) > 1e-3) }
  }

  @Test func `there is no bias before a normalization`() {
    let names = discriminator().namedParameters.map(\.name).filter { $0.hasSuffix("bias") }
    #expect(names == [0, 1].flatMap { ["scales.\($0).conv1.bias", "scales.\($0).score.bias"] })
  }
}

@Suite struct SemanticDiscriminatorTests {
  @Test func `the published discriminator has the published number of parameters, and a map of 16x16 scores`() {
    let discriminator = SemanticDiscriminator(width: 64, initialization: Initialization(seed: 0))
    #expect(discriminator.parameterCount == 2_764_736)
    #expect(discriminator.score.bias == nil)
    let small = SemanticDiscriminator(width: 2, initialization: Initialization(seed: 0))
    #expect(small(.noise("pictures", [1, 256, 256, 3])).shape == [1, 16, 16, 1])
  }

  /// Made with torch.nn.functional in float64 by the table of the authors' discriminator.
  @Test func `scores agree with PyTorch's`() {
    let discriminator = SemanticDiscriminator(width: 2, initialization: Initialization(seed: 0))
    for (number, parameter) in discriminator.parameters.enumerated() {
      parameter.assign(GoldenFill.parameter(number, parameter.shape))
    }
    let found = discriminator(.wave([2, 32, 48, 3]))
    let expected: [Scalar] = [
      1.7449051393401083, -3.4567996018282376, 3.75320951012207, -0.186328711207825, -2.234550932193119,
      1.1142762695288657, 0.995481366463368, 1.9584320848038443, -2.8263543867477177, -0.9452750021284495,
      3.3377603260456286, -2.747273212422889,
    ]
    #expect(found.shape == [2, 2, 3, 1])
    #expect(largestDifference(found.elements, expected) < tolerance(1e-3, 1e-11))
  }

  @Test func `a picture's scores do not depend on the others of its batch`() {
    let discriminator = SemanticDiscriminator(width: 2, initialization: Initialization(seed: 0))
    let pictures = Tensor.noise("pictures", [2, 32, 32, 3])
    let both = discriminator(pictures).sliced(axis: 0, 1..<2)
    #expect(both.largestDifference(from: discriminator(pictures.sliced(axis: 0, 1..<2))) < tolerance(1e-5, 1e-13))
  }
}
