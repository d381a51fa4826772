import Imaging
import InpaintingData
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

/// Noise with a hole of its own in each picture, and labels; a row of the first picture belongs to no class.
func labeledBatch(_ name: String = "batch", count: Int = 2, size: Int = 32) -> InpaintingBatch {
  let plain = tinyBatch(name, count: count, size: size)
  let classes = (0..<count * size * size).map { $0 < size ? nil : $0 * 7 % 11 % 3 }
  return InpaintingBatch(
    images: plain.images, holes: plain.holes,
    conditions: [.labels(tinyClasses): .oneHot(classes, shape: [count, size, size, 3])])
}
