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

  @Test(arguments: PerceptualNetwork.allCases)
  func `distances are those of the package`(network: PerceptualNetwork) throws {
    let reference = Fixture("lpips")
    let similarity = try Self.noisy(network)
    let shape = [1] + reference.integers("size") + [3]
    let distance = ConvolutionMethod.$ofTask.withValue(.exact) {
      let features = ["first", "second"].map { similarity.features(.noise($0, shape)) }
      return similarity.distances(features[0], features[1]).reduce(0) { $0 + Double($1.mean().scalar) }
    }
    // The package's weights have 32 bits, whatever it computes with.
    #expect(abs(distance / reference.number("\(network.rawValue)/whole") - 1) < tolerance(1e-5, 1e-7))
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

@Suite struct PerceptualTrunkTests {
  @Test(arguments: [
    (PerceptualNetwork.alex, 2_469_696, [7, 3, 1, 1, 1]), (.vgg, 14_714_688, [32, 16, 8, 4, 2]),
    (.squeeze, 722_496, [15, 7, 3, 1, 1, 1, 1]),
  ])
  func `the published networks have the published sizes`(_ network: PerceptualNetwork, parameters: Int, sides: [Int]) {
    let trunk = network.makeTrunk()
    #expect(trunk.parameterCount == parameters)
    let features = trunk.activations(.zeros([1, 32, 32, 3]))
    #expect(features.map(\.shape) == zip(sides, trunk.channels).map { [1, $0, $0, $1] })
  }

  @Test func `weights have the names that torchvision gives them`() {
    let names = PerceptualNetwork.allCases.map { network in
      network.makeTrunk().portedWeights.map(\.name).filter { $0.hasSuffix("weight") }.map {
        $0.dropLast(7).dropFirst(9)
      }
    }
    #expect(names[0] == ["0", "3", "6", "8", "10"])
    #expect(names[1] == ["0", "2", "5", "7", "10", "12", "14", "17", "19", "21", "24", "26", "28"])
    #expect(names[2].prefix(4) == ["0", "3.squeeze", "3.expand1x1", "3.expand3x3"] && names[2].last == "12.expand3x3")
  }

  @Test func `perceptual losses and LPIPS share VGG16`() {
    let network = VGG16Features(width: 2, initialization: Initialization(seed: 3))
    let pictures = Tensor.noise("pictures", [1, 16, 24, 3])
    let pooled = network.activations(pictures).map { $0.maxPool(kernel: 2) }
    for (pooled, loss) in zip(pooled, network(pictures)) { #expect(pooled.elements == loss.elements) }
  }
}
