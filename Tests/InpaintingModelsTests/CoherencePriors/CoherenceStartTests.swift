import Imaging
import InpaintingData
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct CoherenceStartTests {
  private func model(
    _ start: Start = .harmonic, _ change: (inout CoherencePriorsConfiguration) -> Void = { _ in }
  ) -> CoherencePriors {
    tinyCoherencePriors {
      $0.start = start
      change(&$0)
    }
  }

  private func examples(size: Int = 32) -> [Example] {
    (0..<2).map { number in
      Example(
        picture: Picture(Tensor.noise("picture \(number)", [size, size, 3])),
        hole: Hole(width: size, height: size) { x, y in (size / 4 + number..<size / 2).contains(x) && y > size / 3 },
        name: "\(number)")
    }
  }

  private func batch(_ model: CoherencePriors) -> InpaintingBatch {
    let classes = (0..<2048).map { $0 * 7 % 11 % 3 }
    return InpaintingBatch(examples(), conditions: model.conditions)
      .with(.labels(tinyClasses), .oneHot(classes, shape: [2, 32, 32, 3]))
  }

  /// Gives the picture heads' last layers some weights.
  private func awaken(_ model: CoherencePriors, by scale: Scalar = 0.05) {
    for (number, head) in model.generator.scales.map(\.picture).enumerated() {
      head.weight.assign(.noise("last \(number)", head.weight.shape) * scale)
    }
  }

  @Test(arguments: [Start.harmonic, .patches], ConvolutionType.allCases)
  func `a fresh network is the start exactly, at each scale`(_ start: Start, _ type: ConvolutionType) {
    let model = model(start) { $0.convolution = type }
    #expect(model.conditions.first == start.conditions.first && model.conditions.count == 3)
    let batch = batch(model)
    let prediction = model.fill(batch)
    for (scale, divisor) in zip(prediction.scales, [8, 4, 2, 1]) {
      #expect(scale.pictures.elements == batch.initialPictures.averagePool(kernel: divisor).elements)
    }
    #expect(prediction.completed.elements == batch.initialPictures.elements)
    #expect(batch.initialPictures.elements != batch.known.elements)
  }

  @Test func `a trained network changes the holes and nothing else, at each scale`() {
    let model = model()
    awaken(model)
    let batch = batch(model)
    let prediction = model.fill(batch)
    for (scale, divisor) in zip(prediction.scales, [8, 4, 2, 1]) {
      let (pictures, holes) = (scale.pictures.elements, batch.holes.reducedByMaximum(by: divisor).elements)
      let started = batch.initialPictures.averagePool(kernel: divisor).elements
      #expect(pictures.indices.allSatisfy { holes[$0 / 3] == 1 || pictures[$0] == started[$0] })
      // Whatever lies in the hole, and be it one pixel of a cell.
      #expect(pictures.indices.allSatisfy { holes[$0 / 3] == 0 || pictures[$0] != started[$0] })
    }
  }

  @Test func `sums beyond -1...1 are kept in the scales and cut off in the completed picture`() {
    let model = model()
    awaken(model, by: 100)
    let prediction = model.fill(batch(model))
    #expect(prediction.scales.allSatisfy { $0.pictures.elements.contains { abs($0) > 1 } })
    #expect(prediction.completed.elements.allSatisfy { abs($0) <= 1 })
  }

  @Test(arguments: ConvolutionType.allCases)
  func `what lies in the holes is not looked at`(_ type: ConvolutionType) {
    let model = model { $0.convolution = type }
    awaken(model)
    let given = examples()
    let other = given.map {
      Example(picture: $0.picture.withMissingPixels(of: $0.hole, filledWith: 7), hole: $0.hole, name: $0.name)
    }
    #expect(model.fill(given).completed.elements == model.fill(other).completed.elements)
    // The encoder sees the start, and what partial convolutions see has holes.
    let (batch, blank) = (batch(model), batch(model).with(.start, .zeros([2, 32, 32, 3])))
    let logits = [batch, blank].map { model.fill($0).scales[0].logits!.elements }
    #expect((logits[0] == logits[1]) == (type == .partial))
  }

  @Test func `the first step moves the picture heads' last layers, the second all layers but those of labels`() {
    let model = model()
    for scale in model.generator.scales { scale.propagation?.gamma.assign(Tensor(0.5)) }
    let batch = batch(model)
    func moved() -> [Bool] {
      valueWithGradient(at: model.generator.parameters) {
        model.fill(batch).scales.map { ($0.pictures * $0.pictures).mean() }.reduce(Tensor(0), +)
      }.gradient.map { $0.elements.contains { $0 != 0 } }
    }
    let names = model.generator.namedParameters.map(\.name)
    for (name, isMoved) in zip(names, moved()) { #expect(isMoved == name.contains("picture."), "\(name)") }
    awaken(model)
    for (name, isMoved) in zip(names, moved()) { #expect(isMoved != name.contains("label"), "\(name)") }
  }

  @Test func `gradients agree with finite differences`() {
    let model = model()
    awaken(model)
    let batch = batch(model)
    // The last layers, of which a square is smooth.
    let last = model.generator.scales.flatMap { [$0.picture.weight] + ($0.picture.bias.map { [$0] } ?? []) }
    let error = GradientCheck.largestError(at: last, samples: 8) {
      let scales = model.fill(batch).scales
      return zip(scales, [8, 4, 2, 1]).map { scale, divisor in
        let difference = scale.pictures - batch.images.averagePool(kernel: divisor)
        return (difference * difference).mean() * 100
      }.reduce(Tensor(0), +)
    }
    #expect(error < 1e-2)
  }

  @Test func `the published network has the same layers and other values`() {
    let (published, started) = (model(.published).generator, model().generator)
    #expect(published.namedParameters.map(\.name) == started.namedParameters.map(\.name))
    for (one, other) in zip(published.namedParameters, started.namedParameters) {
      #expect(one.parameter.shape == other.parameter.shape)
      let isLast = one.name.hasSuffix("picture.weight")
      #expect((one.parameter.value.elements == other.parameter.value.elements) == !isLast, "\(one.name)")
    }
    #expect(model(.published).conditions.count == 2)
  }
}
