import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// A whole step beside the same in PyTorch, with torchvision's layers to compare features by.
@Suite struct PartialConvolutionStepTests {
  private let reference = Fixture("partial_convolution_step")

  /// With noise as parameters.
  private func model(in folder: TemporaryFolder) throws -> PartialConvolution {
    let path = folder.file("vgg16.safetensors")
    let names = [(0, "0.0"), (2, "0.1"), (5, "1.0"), (7, "1.1"), (10, "2.0"), (12, "2.1"), (14, "2.2")]
    let sizes = [(3, 2), (2, 2), (2, 4), (4, 4), (4, 8), (8, 8), (8, 8)]
    let tensors = zip(names, sizes).flatMap { name, size -> [(name: String, shape: Shape, values: [Scalar])] in
      let filter = filter("blocks.\(name.1).weight", [3, 3, size.0, size.1]).permuted([3, 2, 0, 1])
      let bias = Tensor.noise("blocks.\(name.1).bias", [size.1], scale: 0.1)
      return [
        ("features.\(name.0).weight", filter.shape, filter.elements),
        ("features.\(name.0).bias", bias.shape, bias.elements),
      ]
    }
    try SafeTensorsWriter.write(tensors, to: path)
    let model = tinyPartialConvolution {
      $0.losses = .init()
      $0.featureWeights = path
    }
    for (name, parameter) in model.generator.namedParameters {
      let shift: Scalar = name.hasSuffix("normalization.weight") ? 1 : 0
      parameter.assign(
        parameter.shape.count == 4
          ? filter(name, parameter.shape) : .noise(name, parameter.shape, scale: 0.1) + shift)
    }
    try model.prepareForTraining()
    return model
  }

  private func filter(_ name: String, _ shape: Shape) -> Tensor {
    .noise(name, shape, scale: (3 / Double(shape.dropLast().elementCount)).squareRoot() * 2.3)
  }

  private var batch: InpaintingBatch {
    let (height, width) = (reference.integers("size")[0], reference.integers("size")[1])
    var holes = Tensor.zeros([2, height, width, 1])
    holes.withMutableElements { elements in
      for y in 0..<height {
        for x in 0..<width {
          if y >= height / 4, x >= width / 8, x < 5 * width / 8 { elements[y * width + x] = 1 }
          if y < height / 2, x >= width / 2 { elements[(height + y) * width + x] = 1 }
        }
      }
    }
    return InpaintingBatch(images: .noise("images", [2, height, width, 3]), holes: holes)
  }

  private func sampled(_ x: Tensor) -> [Scalar] {
    let elements = x.elements
    return (0..<40).map { elements[($0 * 7919) % elements.count] }
  }

  private func error(_ found: [Scalar], _ expected: [Double]) -> Double {
    let largest = expected.map { abs($0) }.max() ?? 1
    return largestDifference(found, expected.map { Scalar($0) }) / largest
  }

  @Test func `a step's losses, gradients and statistics are PyTorch's`() throws {
    let model = try model(in: TemporaryFolder())
    let batch = batch
    let limit = tolerance(2e-4, 1e-8)
    var updates: [NetworkUpdate] = []
    try model.trainingStep(randomness: .first, nextBatch: { batch }, update: { updates.append($0) })
    let terms = Dictionary(uniqueKeysWithValues: updates[0].terms.map { ($0.name, $0.value) })
    let names = reference.names(after: "terms/")
    #expect(terms.count == names.count)
    for name in names {
      let expected = reference.number("terms/\(name)")
      #expect(abs(Double(terms[name] ?? .nan) / expected - 1) < limit, "\(name)")
    }
    let norms = zip(model.generator.namedParameters, updates[0].gradients).map { ($0.name, [$1].globalNorm) }
    #expect(norms.map(\.0).sorted() == reference.names(after: "gradient_norms/"))
    for (name, found) in norms {
      #expect(abs(found / reference.number("gradient_norms/\(name)") - 1) < tolerance(5e-3, 1e-8), "\(name)")
    }
    let normalization = try #require(model.generator.decoder[1].normalization)
    #expect(error(normalization.runningMean.value.elements, reference["running_mean"]) < limit)
    #expect(error(normalization.runningVariance.value.elements, reference["running_variance"]) < limit)
    model.generator.setTraining(false)
    #expect(error(sampled(model.fill(batch).stages[0].pictures), reference["evaluation"]) < limit)
    model.generator.setTraining(true)
    #expect(error(sampled(model.fill(batch).stages[0].pictures), reference["training"]) < limit)
  }
}
