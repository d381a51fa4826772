import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct VGG16FeaturesTests {
  /// Two channels wide, with noise as weights.
  private func network() -> VGG16Features {
    let network = VGG16Features(width: 2, initialization: Initialization(seed: 0, weights: .zeros))
    for (name, parameter) in network.namedParameters {
      let isFilter = parameter.shape.count == 4
      let fan = Double(parameter.shape.dropLast().elementCount)
      parameter.assign(.noise(name, parameter.shape, scale: isFilter ? (3 / fan).squareRoot() * 2.3 : 0.1))
    }
    return network
  }

  private let pictures = Tensor.noise("pictures", [1, 16, 16, 3])

  @Test func `features and their gradient are torchvision's`() {
    let network = network()
    let features = network(pictures)
    #expect(features.map(\.shape) == [[1, 8, 8, 2], [1, 4, 4, 4], [1, 2, 2, 8]])
    let fixture = Fixture("vgg16")
    for (index, found) in features.enumerated() {
      let expected = fixture["features.\(index)"]
      let largest = expected.map { abs($0) }.max() ?? 0
      #expect(largestDifference(found.elements, expected.map { Scalar($0) }) < largest * tolerance(1e-5, 1e-9))
    }
    let slope = gradient(at: pictures) { network($0).map { square($0).sum() }.reduce(Tensor(0), +) }
    #expect(abs([slope].globalNorm / fixture.number("gradient_norm") - 1) < tolerance(1e-4, 1e-9))
  }

  @Test func `pictures are normalized as for ImageNet, and back`() {
    let white = VGG16Features.normalized(.ones([1, 1, 1, 3])).elements
    let expected: [Scalar] = [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    #expect(largestDifference(white, expected) < 1e-5)
    let there = VGG16Features.denormalized(VGG16Features.normalized(pictures))
    #expect(there.largestDifference(from: pictures) < 1e-5)
  }

  @Test func `the published network has the published layers`() {
    let network = VGG16Features(initialization: Initialization(seed: 0, weights: .zeros))
    #expect(network.convolutions.map { $0.weight.shape[3] } == [64, 64, 128, 128, 256, 256, 256])
    #expect(network.parameterCount == 1_735_488)
  }
}
