import Imaging
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport

@testable import InpaintingModels

/// Three classes.
let tinyClasses = LabelClasses(
  name: "tiny", classes: ["sky", "wall", "tree"].enumerated().map { .init(name: $1, color: RGB(UInt8($0), 0, 9)) })

/// A first stage for pictures of 32 x 32 that takes no time; the second one, if any, is `change`'s to add.
func tinySemanticGuidance(
  seed: UInt64 = 1, _ change: (inout SemanticGuidanceConfiguration) -> Void = { _ in }
) -> SemanticGuidance {
  var configuration = SemanticGuidanceConfiguration().resized(toPictures: 32)
  configuration.width = 4
  configuration.discriminatorWidth = 2
  configuration.classes = tinyClasses
  change(&configuration)
  return SemanticGuidance(configuration, seed: seed)
}

extension SemanticGuidanceConfiguration.Decoder {
  /// A second stage that takes no time.
  static var tiny: Self {
    var decoder = Self()
    decoder.hidden = 3
    decoder.discriminatorWidth = 2
    return decoder
  }
}

extension SemanticGuidance {
  /// The values of each term while the networks that the phase trains learn one picture, whose upper half is of another
  /// class than its lower half.
  func valuesOfTerms(steps: Int) throws -> [String: [Scalar]] {
    let labels = Tensor.oneHot((0..<1024).map { $0 / 32 < 16 ? 0 : 2 }, shape: [1, 32, 32, 3])
    let batch = InpaintingBatch(
      images: .wave([1, 32, 32, 3], frequency: 0.01), holes: tinyBatch(count: 1, size: 32).holes,
      conditions: [.labels(tinyClasses): labels])
    func next() -> InpaintingBatch { batch }
    let optimizers = networks.map { Adam($0.module.namedParameters, beta1: 0.5, beta2: 0.999) }
    var values: [String: [Scalar]] = [:]
    for _ in 0..<steps {
      try trainingStep(randomness: .first, nextBatch: next) { update in
        let index = self.networks.firstIndex { $0.name == update.network }!
        optimizers[index].step(gradients: update.gradients, learningRate: 0.003)
        for term in update.terms { values[term.name, default: []].append(term.value) }
      }
    }
    return values
  }
}

/// Noise with a hole of its own in each picture, and labels; a row of the first picture belongs to no class.
func labeledBatch(_ name: String = "batch", count: Int = 2, size: Int = 32) -> InpaintingBatch {
  let plain = tinyBatch(name, count: count, size: size)
  let classes = (0..<count * size * size).map { $0 < size ? nil : $0 * 7 % 11 % 3 }
  return InpaintingBatch(
    images: plain.images, holes: plain.holes,
    conditions: [.labels(tinyClasses): .oneHot(classes, shape: [count, size, size, 3])])
}
