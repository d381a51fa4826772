import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SpectralNormTests {
  static let weight = Tensor.noise("weight", [3, 3, 2, 4])

  private func norm(_ outputs: Int = 4) -> SpectralNorm {
    SpectralNorm(outputChannels: outputs, initialization: Initialization(seed: 2, name: "norm"))
  }

  @Test func `sigma approaches the largest singular value`() {
    let norm = norm()
    for _ in 0..<200 { _ = norm(Self.weight) }
    let largest = Self.weight.reshaped(to: [18, 4]).singularValues()![0]
    let sigma = norm.estimate(Self.weight).sigma.scalar
    #expect(abs(sigma - largest) < 1e-4 * largest)
    #expect(abs(norm(Self.weight).reshaped(to: [18, 4]).singularValues()![0] - 1) < 1e-4)
  }

  @Test func `the exact norm of the divided weight approaches 1 from above`() throws {
    let norm = norm()
    let start = try #require(norm.exactNorm(Self.weight))
    #expect(start > 1 + 1e-4)
    let divided = norm(Self.weight).reshaped(to: [18, 4]).singularValues()![0]
    #expect(abs(start - divided) < 1e-4)
    for _ in 0..<200 { _ = norm(Self.weight) }
    #expect(abs(try #require(norm.exactNorm(Self.weight)) - 1) < 1e-4)
    #expect(norm.exactNorm(Self.weight * Scalar.infinity) == nil)
  }

  @Test func `u changes once a call in training and stays as it is in use`() {
    let norm = norm()
    let start = norm.u.value
    let next = norm.estimate(Self.weight).next
    _ = norm(Self.weight)
    #expect(norm.u.value.elements == next.elements)
    #expect(norm.u.value.largestDifference(from: start) > 1e-3)
    norm.setTraining(false)
    let kept = norm.u.value.elements
    let used = norm(Self.weight)
    #expect(norm.u.value.elements == kept)
    // In use the weight is divided by the same sigma as it would be by the next call in training.
    norm.setTraining(true)
    #expect(norm(Self.weight).elements == used.elements)
    #expect(norm.u.value.elements != kept)
  }

  @Test func `no gradient flows through the stored u`() {
    let norm = norm(3)
    let parameter = Parameter(.noise("weight", [2, 2, 1, 3]))
    _ = valueWithGradient(at: [parameter]) { square(norm(parameter.value)).sum() }
    // Were u on the tape of the first step, this would ask for what has been released.
    let gradient = valueWithGradient(at: [parameter]) { square(norm(parameter.value)).sum() }.gradient[0]
    #expect(gradient.elements.allSatisfy { $0.isFinite })
  }

  @Test func `in a checkpoint the power iteration takes one step, and gradients are the same`() {
    let weight = Parameter(Self.weight)
    func step(_ norm: SpectralNorm, _ function: @escaping (Tensor) -> Tensor) -> [[Scalar]] {
      let gradient = valueWithGradient(at: [weight]) { (function(weight.value) * .wave(weight.shape)).sum() }.gradient[
        0]
      return [gradient.elements, norm.u.value.elements]
    }
    let (kept, again) = (norm(), norm())
    let expected = step(kept) { kept($0) }
    let found = step(again) { checkpoint($0, at: []) { again($0) } }
    #expect(found == expected)
  }

  @Test func `u is drawn by name`() {
    let stream = Initialization(seed: 2).values([1, 4], "norm.u", by: .truncatedNormal(deviation: 1))
    #expect(norm().u.value.elements == stream.elements)
  }
}
