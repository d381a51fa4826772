import Imaging
import InpaintingData
import Support
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct MultiScaleTestTests {
  private typealias Settings = [(key: String, value: JSONValue?)]

  /// With the published ones fresh layers let too little through to tell scales apart.
  private static let filters: Settings = [("initialization", "variance_preserving")]

  private static let models: [(name: String, settings: Settings)] = [
    ("deepfill_v2", [("width", 8), ("discriminator_width", 2), ("stages", 1)] + filters),
    ("deepfill_v2", [("width", 8), ("discriminator_width", 2)] + filters),
    ("deepfill_v1", [("width", 4), ("critic_width", 2), ("picture_size", 32), ("local_size", 16)] + filters),
    ("partial_convolution", [("width", 4), ("levels", 3)]),
  ]

  private func model(_ name: String, _ settings: Settings, scales: Int) throws -> any InpaintingModel {
    try ModelSection(
      name: name, settings: settings + [("start", "harmonic"), ("test_scales", JSONValue(scales))], overrides: [],
      path: "test"
    ).configuration.makeModel(seed: 1)
  }

  private let examples = (0..<2).map { number in
    Example(
      picture: Picture(Tensor.noise("picture \(number)", [32, 32, 3])),
      hole: Hole(width: 32, height: 32) { x, y in (7 + number..<20).contains(x) && (9..<23).contains(y) },
      name: "\(number)")
  }

  /// Gives the last layers some weights.
  private func awaken(_ model: any InpaintingModel) {
    for (name, parameter) in model.networks[0].module.namedParameters
    where name.contains("conv17.weight") || name == "decoder.0.convolution.weight" {
      parameter.assign(.noise(name, parameter.shape))
    }
  }

  @Test func `a fresh network is its start exactly, at two scales too`() throws {
    for (name, settings) in Self.models {
      let model = try model(name, settings, scales: 2)
      let batch = InpaintingBatch(examples, conditions: model.conditions)
      #expect(model.fill(batch).completed.elements == batch.initialPictures.elements, "\(name)")
    }
  }

  @Test func `what is added is the mean of that of the batch and of its mirrored half`() throws {
    for (name, settings) in Self.models {
      let (one, two) = (try model(name, settings, scales: 1), try model(name, settings, scales: 2))
      awaken(one)
      awaken(two)
      let batch = InpaintingBatch(examples, conditions: one.conditions)
      let half = batch.halved().flippedHorizontally()
      let added = try #require(one.fill(batch).stages.last).pictures - batch.initialPictures
      let addedToHalf = try #require(one.fill(half).stages.last).pictures - half.initialPictures
      #expect(addedToHalf.elements.contains { abs($0) > 1e-3 })
      let expected =
        batch.initialPictures + (added + addedToHalf.flippedHorizontally().resizedBilinear(height: 32, width: 32)) * 0.5
        * batch.holes
      let prediction = two.fill(batch)
      let last = try #require(prediction.stages.last).pictures
      #expect(last.largestDifference(from: expected) < tolerance(1e-5, 1e-12), "\(name)")
      let (holes, known, completed) = (batch.holes.elements, batch.images.elements, prediction.completed.elements)
      #expect(completed.indices.allSatisfy { holes[$0 / 3] == 1 || completed[$0] == known[$0] })
      #expect(prediction.stages.map(\.name) == one.fill(batch).stages.map(\.name))
    }
  }

  @Test func `sizes are multiples of twice as much`() throws {
    for (name, settings) in Self.models {
      let (one, two) = (try model(name, settings, scales: 1), try model(name, settings, scales: 2))
      #expect(two.sizeMultiple == 2 * one.sizeMultiple)
    }
  }

  @Test func `attention is shown as it is at full size`() throws {
    let settings: Settings = [("width", 8), ("discriminator_width", 2)]
    let (one, two) = (
      try model("deepfill_v2", settings, scales: 1), try model("deepfill_v2", settings, scales: 2)
    )
    let batch = InpaintingBatch(examples, conditions: one.conditions)
    let (expected, maps) = (
      try #require(one.attentionMaps(of: batch)), try #require(two.attentionMaps(of: batch))
    )
    #expect(maps.count == 2 && maps == expected)
  }

  @Test func `two scales need a start to add to`() {
    for name in ["deepfill_v2", "deepfill_v1", "partial_convolution"] {
      let failure = #expect(throws: Failure.self) {
        try ModelSection(name: name, settings: [("test_scales", 2)], overrides: [], path: "test")
      }
      #expect(failure?.message.contains("`test_scales`: 2 averages what is added to a start") == true)
      #expect(failure?.message.contains("found \"published\"") == true)
    }
  }
}
