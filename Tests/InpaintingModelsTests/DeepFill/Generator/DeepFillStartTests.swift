import Imaging
import InpaintingData
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillStartTests {
  /// Skips at full and half size, as a fast start has them.
  private static let skips: JSONValue = [
    ["at": "parallel", "kind": "contextual"], ["at": "skip", "scale": 1, "kind": "eca"],
    ["at": "skip", "scale": 2, "kind": "eca"],
  ]

  /// Both versions, with skips, and the second one without its first stage.
  private func models(_ start: String = "harmonic") throws -> [any InpaintingModel] {
    let sizes: [(name: String, settings: [(key: String, value: JSONValue?)])] = [
      ("deepfill_v2", [("width", 8), ("discriminator_width", 2)]),
      ("deepfill_v2", [("width", 8), ("discriminator_width", 2), ("stages", 1)]),
      ("deepfill_v1", [("width", 4), ("critic_width", 2), ("picture_size", 32), ("local_size", 16)]),
    ]
    return try sizes.map { name, settings in
      let settings = settings + [("start", JSONValue(start)), ("attention", Self.skips)]
      return try ModelSection(name: name, settings: settings, overrides: [], path: "test").configuration
        .makeModel(seed: 1)
    }
  }

  private func examples(size: Int = 32) -> [Example] {
    (0..<2).map { number in
      let values = Tensor.noise("picture \(number)", [size, size, 3])
      return Example(
        picture: Picture(values),
        hole: Hole(width: size, height: size) { x, y in (size / 4 + number..<size / 2).contains(x) && y > size / 3 },
        name: "\(number)")
    }
  }

  /// Gives the last layers some weights.
  private func awaken(_ model: any InpaintingModel, by scale: Scalar = 0.05) {
    for (name, parameter) in model.networks[0].module.namedParameters where name.contains("conv17.weight") {
      parameter.assign(.noise(name, parameter.shape) * scale)
    }
  }

  @Test func `a fresh network is the harmonic fill exactly`() throws {
    for (model, stages) in zip(try models(), [["coarse", "refined"], ["refined"], ["coarse", "refined"]]) {
      #expect(model.conditions == [.start])
      let batch = InpaintingBatch(examples(), conditions: model.conditions)
      let prediction = model.fill(batch)
      #expect(prediction.stages.map(\.name) == stages)
      for pictures in prediction.stages.map(\.pictures) + [prediction.completed] {
        #expect(pictures.elements == batch.initialPictures.elements)
      }
      // Known pixels of the fill have 32 bits, those of the batch as many as there are.
      let fills = examples().flatMap { PullPushFill($0.picture, hole: $0.hole).values }
      #expect(
        zip(prediction.completed.elements, fills).allSatisfy { abs(Double($0) - Double($1)) <= tolerance(0, 1e-6) })
    }
  }

  @Test func `a fresh network is the patches fill exactly`() throws {
    for model in try models("patches") {
      #expect(model.conditions == [.patches])
      let prediction = model.fill(InpaintingBatch(examples(), conditions: model.conditions))
      let fills = examples().flatMap { example -> [Scalar] in
        var picture = example.picture
        ClassicalFill.patches.fill(&picture, hole: example.hole, threads: 2)
        return InpaintingBatch([Example(picture: picture, hole: example.hole, name: "")]).images.elements
      }
      for pictures in prediction.stages.map(\.pictures) + [prediction.completed] { #expect(pictures.elements == fills) }
    }
  }

  @Test func `trained networks change the holes and nothing else`() throws {
    for model in try models() {
      awaken(model)
      let batch = InpaintingBatch(examples(), conditions: model.conditions)
      let (holes, images, started) = (batch.holes.elements, batch.images.elements, batch.initialPictures.elements)
      for stage in model.fill(batch).stages {
        let pictures = stage.pictures.elements
        #expect(pictures.indices.allSatisfy { holes[$0 / 3] == 1 || pictures[$0] == images[$0] })
        #expect(pictures.indices.contains { pictures[$0] != started[$0] })
      }
    }
  }

  @Test func `sums beyond -1...1 are kept in the stages and cut off in the completed picture`() throws {
    for model in try models() {
      awaken(model, by: 100)
      let prediction = model.fill(InpaintingBatch(examples(), conditions: model.conditions))
      #expect(prediction.stages.last?.pictures.elements.contains { abs($0) > 1 } == true)
      #expect(prediction.completed.elements.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test func `what lies in the holes is not looked at`() throws {
    for model in try models() {
      awaken(model)
      let given = examples()
      let other = given.map { example in
        Example(
          picture: example.picture.withMissingPixels(of: example.hole, filledWith: 7), hole: example.hole,
          name: example.name)
      }
      #expect(model.fill(given).completed.elements == model.fill(other).completed.elements)
    }
  }

  @Test func `the first step moves the last layers, the second all layers`() throws {
    for model in try models() {
      let generator = model.networks[0].module
      let batch = InpaintingBatch(examples(), conditions: model.conditions)
      func moved() -> [Bool] {
        let gradients = valueWithGradient(at: generator.parameters) {
          let prediction = model.fill(batch)
          return prediction.stages.map { meanAbsoluteError($0.pictures, batch.images) }.reduce(Tensor(0), +)
        }.gradient
        return gradients.map { $0.elements.contains { $0 != 0 } }
      }
      let names = generator.namedParameters.map(\.name)
      for (name, isMoved) in zip(names, moved()) { #expect(isMoved == name.contains("conv17"), "\(name)") }
      awaken(model)
      for (name, isMoved) in zip(names, moved()) { #expect(isMoved, "\(name)") }
    }
  }

  @Test func `gradients agree with finite differences`() throws {
    let model = try #require(try models().first)
    awaken(model)
    let batch = InpaintingBatch(examples(size: 16), conditions: model.conditions)
    // Of a smooth function, since Float's steps may lead across kinks; the last layers are linear in what they get.
    let last = model.networks[0].module.namedParameters.filter { $0.name.contains("allconv17") }.map(\.parameter)
    let error = GradientCheck.largestError(at: last, samples: 8) {
      let difference = model.fill(batch).stages[1].pictures - batch.images
      return (difference * difference).mean() * 100
    }
    #expect(error < 1e-2)
  }
}
