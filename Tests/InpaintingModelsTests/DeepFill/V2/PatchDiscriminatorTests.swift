import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct PatchDiscriminatorTests {
  @Test func `parameters and singular vectors have their names`() {
    let discriminator = tinyModel().discriminator
    let layers = (1...6).map { "conv\($0)" }
    #expect(discriminator.namedParameters.map(\.name) == layers.flatMap { [$0 + ".weight", $0 + ".bias"] })
    #expect(discriminator.namedBuffers.map(\.name) == layers.map { $0 + ".spectralNorm.u" })
    #expect(discriminator.namedBuffers.map(\.buffer.value.count) == [2, 4, 8, 8, 8, 8])
  }

  @Test func `every channel of every patch is a score, after a leaky ReLU`() {
    let discriminator = tinyModel().discriminator
    let scores = discriminator(.noise("pictures", [2, 72, 64, 3]), conditions: [.zeros([1, 72, 64, 1])])
    // 72 is halved to 36, 18, 9, 5, 3, 2; 64 to 1.
    #expect(scores.shape == [2, 2 * 1 * 8])
    let bias = discriminator.conv6.bias!
    bias.assign(Tensor(repeating: -5, shape: bias.shape))
    let low = discriminator(.zeros([1, 64, 64, 3]), conditions: [.zeros([1, 64, 64, 1])])
    #expect(low.elements.allSatisfy { abs($0 + 1) < 0.2 })
  }

  @Test func `scores depend on the hole`() {
    let discriminator = tinyModel().discriminator
    discriminator.setTraining(false)
    let pictures = Tensor.noise("pictures", [1, 64, 64, 3])
    let whole = discriminator(pictures, conditions: [.zeros([1, 64, 64, 1])])
    #expect(discriminator(pictures, conditions: [.ones([1, 64, 64, 1])]).elements != whole.elements)
  }

  @Test func `singular vectors move in training only`() {
    let discriminator = tinyModel().discriminator
    func vectors() -> [[Scalar]] { discriminator.namedBuffers.map(\.buffer.value.elements) }
    func judge() { _ = discriminator(.noise("pictures", [1, 32, 32, 3]), conditions: [.zeros([1, 32, 32, 1])]) }
    let start = vectors()
    discriminator.setTraining(false)
    judge()
    #expect(vectors() == start)
    discriminator.setTraining(true)
    judge()
    #expect(zip(vectors(), start).allSatisfy { $0 != $1 })
  }
}
