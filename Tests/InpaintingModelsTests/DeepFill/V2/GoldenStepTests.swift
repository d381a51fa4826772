import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// One training step of a tiny model, as another program computed it.
struct GoldenStep: CustomTestStringConvertible, Sendable {
  let name: String
  /// The height and width of the pictures.
  let size: [Int]
  /// The terms that are logged, in order.
  let terms: [(name: String, value: Double)]
  /// Elements of both stages' pictures and of the attention's output.
  let coarse, refined, attended: [Double]
  /// The norm of each parameter's gradient.
  let generatorGradientNorms, discriminatorGradientNorms: [Double]
  /// The last convolution's u after the step.
  let singularVector: [Double]

  var testDescription: String { name }
  /// True if one hole serves both pictures.
  var sharedHole: Bool { name.contains("one hole for all") }
}

extension GoldenStep {
  static let all: [GoldenStep] = {
    let fixture = Fixture("deepfill_v2_step")
    return ["published", "symmetric", "guided, oblong, one hole for all, without fusion"].map {
      GoldenStep($0, fixture)
    }
  }()

  private init(_ name: String, _ fixture: Fixture) {
    self.init(
      name: name, size: fixture.integers("\(name)/size"),
      terms: Array(
        zip(fixture.text("terms").split(separator: ",").map { String($0) }, fixture["\(name)/terms"])
      ).map { (name: $0, value: $1) }, coarse: fixture["\(name)/coarse"], refined: fixture["\(name)/refined"],
      attended: fixture["\(name)/attended"],
      generatorGradientNorms: fixture["\(name)/generator_gradient_norms"],
      discriminatorGradientNorms: fixture["\(name)/discriminator_gradient_norms"],
      singularVector: fixture["\(name)/singular_vector"])
  }
}

extension GoldenStep {
  var configuration: DeepFillV2Configuration {
    var configuration = name == "symmetric" ? DeepFillV2Configuration.symmetric : DeepFillV2Configuration()
    configuration.takesEdges = name.contains("guided")
    configuration.fuse = !name.contains("without fusion")
    configuration.width = 8
    configuration.discriminatorWidth = 4
    return configuration
  }

  /// The model with parameters that both programs can compute.
  func makeModel() -> DeepFillV2 {
    let model = DeepFillV2(configuration, seed: 0)
    for network in model.networks {
      for (name, parameter) in network.module.namedParameters {
        let shape = parameter.shape
        let fan = Double(shape.dropLast().reduce(1, *))
        let scale = shape.count == 4 ? (3.0).squareRoot() * 2.3 / fan.squareRoot() : 0.1
        parameter.assign(.noise(name, shape, scale: scale))
      }
      for (name, buffer) in network.module.namedBuffers { buffer.value = .noise(name, buffer.value.shape) }
    }
    return model
  }

  func makeBatch() -> InpaintingBatch {
    let (height, width) = (size[0], size[1])
    var holes = Tensor.zeros([sharedHole ? 1 : 2, height, width, 1])
    holes.withMutableElements { elements in
      for y in height / 4..<3 * height / 4 {
        for x in width / 8..<5 * width / 8 { elements[y * width + x] = 1 }
      }
      guard !sharedHole else { return }
      for y in 0..<height / 2 {
        for x in width / 2..<width { elements[(height + y) * width + x] = 1 }
      }
    }
    let edges = Tensor.noise("guidance", [2, height, width, 1]).elements.map { $0 > 0.7 ? Scalar(1) : 0 }
    return InpaintingBatch(
      images: .noise("images", [2, height, width, 3]), holes: holes,
      conditions: configuration.takesEdges ? [.edges: Tensor(edges, shape: [2, height, width, 1])] : [:])
  }

  /// The elements that the other program wrote down.
  static func samples(of x: Tensor, count: Int = 40) -> [Double] {
    (0..<count).map { Double(x.elements[($0 * 7919) % x.count]) }
  }
}

/// A training step of tiny models against PyTorch in double precision: `Scripts/make-golden-values`.
@Suite struct GoldenStepTests {
  static let tolerance = GradientCheck.isExact ? 1e-8 : 2e-4

  @Test(arguments: GoldenStep.all)
  func `pictures agree with another program's`(_ golden: GoldenStep) {
    let prediction = golden.makeModel().fill(golden.makeBatch())
    expectClose(GoldenStep.samples(of: prediction.stages[0].pictures), golden.coarse)
    expectClose(GoldenStep.samples(of: prediction.stages[1].pictures), golden.refined)
  }

  @Test(arguments: GoldenStep.all)
  func `losses, gradients and the singular vector of a step agree with another program's`(_ golden: GoldenStep) throws {
    let model = golden.makeModel()
    var updates: [NetworkUpdate] = []
    try model.trainingStep(randomness: .first, nextBatch: golden.makeBatch) { updates.append($0) }
    #expect(updates.map(\.network) == ["discriminator", "generator"])
    let terms = updates.flatMap(\.terms)
    #expect(terms.map(\.name) == golden.terms.map(\.name))
    expectClose(terms.map { Double($0.value) }, golden.terms.map(\.value))
    expectClose(updates[0].gradients.map { [$0].globalNorm }, golden.discriminatorGradientNorms)
    expectClose(updates[1].gradients.map { [$0].globalNorm }, golden.generatorGradientNorms)
    let u = try #require(model.discriminator.conv6.spectralNorm).u
    expectClose(u.value.elements.map { Double($0) }, golden.singularVector)
  }

  @Test(arguments: GoldenStep.all)
  func `attention agrees with another program's`(_ golden: GoldenStep) {
    let batch = golden.makeBatch()
    let refinement = golden.makeModel().generator.refinement
    let composite = batch.completed(with: golden.makeModel().fill(batch).stages[0].pictures)
    let features = composite.through(
      refinement.pmconv1, refinement.pmconv2, refinement.pmconv3, refinement.pmconv4, refinement.pmconv5,
      refinement.pmconv6)
    let configuration = golden.makeModel().configuration
    let hole = configuration.holeReduction.reduced(batch.holes, configuration.nearest, by: 8)
    expectClose(GoldenStep.samples(of: configuration.contextualAttention(features, hole: hole)), golden.attended)
  }

  /// Relative to the larger of 1 and the value.
  private func expectClose(_ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    #expect(worst < Self.tolerance, sourceLocation: sourceLocation)
  }
}
