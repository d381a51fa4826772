import Kernels
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct PerceptualSimilarityTests {
  private static func noisy(_ network: PerceptualNetwork) throws -> PerceptualSimilarity {
    let similarity = PerceptualSimilarity(network)
    let shapes = Dictionary(uniqueKeysWithValues: similarity.portedWeights.map { ($0.name, $0.shape) })
    try similarity.load { name in shapes[name].map { noisyWeights(name, $0) } }
    return similarity
  }

  @Test(arguments: PerceptualReference.values.indices)
  func `distances are those of the package`(index: Int) throws {
    let reference = PerceptualReference.values[index]
    let similarity = try Self.noisy(#require(PerceptualNetwork(rawValue: reference.network)))
    let shape = [1, PerceptualReference.height, PerceptualReference.width, 3]
    let distance = ConvolutionMethod.$ofTask.withValue(.exact) {
      let features = ["first", "second"].map { similarity.features(.noise($0, shape)) }
      return similarity.distances(features[0], features[1]).reduce(0) { $0 + Double($1.mean().scalar) }
    }
    // The package's weights have 32 bits, whatever it computes with.
    #expect(abs(distance / reference.whole - 1) < tolerance(1e-5, 1e-7))
  }

  @Test func `features have unit length, and none where all are zeros`() throws {
    let similarity = try Self.noisy(.squeeze)
    for features in similarity.features(.noise("first", [1, 32, 32, 3])) {
      let lengths = square(features).sum(axes: [3])
      #expect(lengths.elements.allSatisfy { abs($0 - 1) < 1e-5 })
    }
    let empty = PerceptualSimilarity(.squeeze)
    #expect(empty.features(.ones([1, 32, 32, 3])).allSatisfy { $0.isEverywhere(0) })
  }
}
