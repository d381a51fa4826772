import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

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
