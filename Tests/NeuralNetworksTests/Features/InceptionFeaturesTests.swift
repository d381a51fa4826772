import Kernels
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks
@testable import Support

@Suite struct InceptionFeaturesTests {
  private static let reference = Fixture("inception")
  private static let convolutions = reference.names(after: "filters/")
  /// The entries of pytorch-fid's network.
  private static let shapes: [String: Shape] = Dictionary(
    uniqueKeysWithValues: convolutions.flatMap { name in
      let shape = reference.integers("filters/\(name)")
      return [("\(name).conv.weight", shape)]
        + ["weight", "bias", "running_mean", "running_var"].map { ("\(name).bn.\($0)", [shape[0]]) }
    })

  @Test func `features are pytorch-fid's`() throws {
    let network = try InceptionFeatures(from: "noise") { name in Self.shapes[name].map { noisyWeights(name, $0) } }
    let reference = Self.reference
    #expect(network.parameters.count == 2 * Self.convolutions.count)
    let picture = Tensor.noise("picture", [1] + reference.integers("size") + [3])
    let features = ConvolutionMethod.$ofTask.withValue(.exact) { network(picture) }
    #expect(features.shape == [1, InceptionFeatures.featureCount])
    let elements = features.elements.map { Double($0) }
    // The package's weights have 32 bits, whatever it computes with.
    #expect(abs(elements.reduce(0, +) / reference.number("sum") - 1) < tolerance(1e-5, 1e-6))
    #expect(abs(elements.reduce(0) { $0 + $1 * $1 } / reference.number("sum_of_squares") - 1) < tolerance(1e-5, 1e-6))
    for (index, expected) in reference["sampled"].enumerated() {
      #expect(abs(elements[index * 53 % elements.count] - expected) < tolerance(2e-5, 5e-6))
    }
  }

  @Test func `another network is refused with the entries that it lacks`() {
    let failure = #expect(throws: Failure.self) {
      try InceptionFeatures(from: "vgg.pth") { name in name == "fc.weight" ? .zeros([1008, 2048]) : nil }
    }
    #expect(
      failure?.message.hasPrefix(
        "vgg.pth: expected the weights of pytorch-fid's Inception, found others: `Conv2d_1a_3x3.conv.weight` ") == true)
    #expect(failure?.kind == .data && failure?.message.hasSuffix("; and 460 more.") == true)
  }
}
