import Imaging
import InpaintingData
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct PartialConvolutionStartTests {
  typealias Scale = PartialConvolutionConfiguration.InputScale

  private func model(_ start: Start = .harmonic, _ scale: Scale = .signed) -> PartialConvolution {
    tinyPartialConvolution {
      $0.start = start
      $0.inputScale = scale
    }
  }

  private func examples(size: Int = 16) -> [Example] {
    (0..<2).map { number in
      Example(
        picture: Picture(Tensor.noise("picture \(number)", [size, size, 3])),
        hole: Hole(width: size, height: size) { x, y in (size / 4 + number..<size / 2).contains(x) && y > size / 3 },
        name: "\(number)")
    }
  }

  /// Gives the last layer some weights.
  private func awaken(_ model: PartialConvolution, by scale: Scalar = 0.05) {
    let weight = model.generator.decoder[0].convolution.weight
    weight.assign(.noise("last", weight.shape) * scale)
  }

  @Test(arguments: [Start.harmonic, .patches], [Scale.signed, .imageNet])
  func `a fresh network is the start exactly`(_ start: Start, _ scale: Scale) {
    let model = model(start, scale)
    #expect(model.conditions == start.conditions && !model.conditions.isEmpty)
    let batch = InpaintingBatch(examples(), conditions: model.conditions)
    let prediction = model.fill(batch)
    #expect(prediction.stages[0].pictures.elements == batch.initialPictures.elements)
    #expect(prediction.completed.elements == batch.initialPictures.elements)
    #expect(batch.initialPictures.elements != batch.known.elements)
  }

  @Test(arguments: [Scale.signed, .imageNet])
  func `a trained network changes the holes and nothing else`(_ scale: Scale) {
    let model = model(.harmonic, scale)
    awaken(model)
    let batch = InpaintingBatch(examples(), conditions: model.conditions)
    let (holes, images, started) = (batch.holes.elements, batch.images.elements, batch.initialPictures.elements)
    let pictures = model.fill(batch).stages[0].pictures.elements
    #expect(pictures.indices.allSatisfy { holes[$0 / 3] == 1 || pictures[$0] == images[$0] })
    #expect(pictures.indices.contains { pictures[$0] != started[$0] })
    awaken(model, by: 100)
    let far = model.fill(batch)
    #expect(far.stages[0].pictures.elements.contains { abs($0) > 1 })
    #expect(far.completed.elements.allSatisfy { abs($0) <= 1 })
  }

  @Test func `what lies in the holes is not looked at, and the encoder looks at no start`() {
    let model = model()
    awaken(model)
    let given = examples()
    let other = given.map {
      Example(
        picture: $0.picture.withMissingPixels(of: $0.hole, filledWith: 7), hole: $0.hole, name: $0.name)
    }
    #expect(model.fill(given).completed.elements == model.fill(other).completed.elements)
    // With a last layer that is blind to the pictures beside its features, a start is added to and no more.
    let weight = model.generator.decoder[0].convolution.weight
    let features = weight.shape[2] - 3
    weight.assign(
      concatenate([weight.value.sliced(axis: 2, 0..<features), .zeros([3, 3, 3, 3])], axis: 2))
    let batch = InpaintingBatch(given, conditions: model.conditions)
    let blank = batch.with(.start, batch.initialPictures * 0)
    let added = model.fill(batch).stages[0].pictures - batch.initialPictures
    let addedToNothing = model.fill(blank).stages[0].pictures - blank.initialPictures
    #expect(added.largestDifference(from: addedToNothing) < 1e-5)
  }

  @Test func `the first step moves the last layer, the second all layers`() {
    let model = model()
    let batch = InpaintingBatch(examples(), conditions: model.conditions)
    func moved() -> [Bool] {
      valueWithGradient(at: model.generator.parameters) { model.loss(batch, model.generator(batch)).total }.gradient
        .map { $0.elements.contains { $0 != 0 } }
    }
    let names = model.generator.namedParameters.map(\.name)
    for (name, isMoved) in zip(names, moved()) { #expect(isMoved == name.hasPrefix("decoder.0."), "\(name)") }
    awaken(model)
    for (name, isMoved) in zip(names, moved()) { #expect(isMoved, "\(name)") }
  }

  @Test func `gradients agree with finite differences`() {
    let model = model()
    awaken(model)
    let batch = InpaintingBatch(examples(), conditions: model.conditions)
    // The last layer, of which a square is smooth.
    let convolution = model.generator.decoder[0].convolution
    let last = [convolution.weight] + (convolution.bias.map { [$0] } ?? [])
    let error = GradientCheck.largestError(at: last, samples: 8) {
      let difference = model.generator(batch) - batch.images
      return (difference * difference).mean() * 100
    }
    #expect(error < 1e-2)
  }

  @Test func `the published network has the same layers and other values`() {
    let (published, started) = (model(.published).generator, model().generator)
    #expect(published.namedParameters.map(\.name) == started.namedParameters.map(\.name))
    for (one, other) in zip(published.namedParameters, started.namedParameters) {
      #expect(one.parameter.shape == other.parameter.shape)
      let isLast = one.name == "decoder.0.convolution.weight"
      #expect((one.parameter.value.elements == other.parameter.value.elements) == !isLast, "\(one.name)")
    }
    #expect(model(.published).conditions.isEmpty)
  }

  @Test func `a start that is none is refused, with those that there are`() throws {
    let failure = #expect(throws: Failure.self) {
      try ModelSection(name: "partial_convolution", settings: [("start", "telea")], overrides: [], path: "test")
    }
    for part in ["model.start", "\"published\", \"harmonic\"", "\"patches\"", "\"telea\""] {
      #expect(failure?.message.contains(part) == true, "\(failure?.message ?? "")")
    }
  }
}
