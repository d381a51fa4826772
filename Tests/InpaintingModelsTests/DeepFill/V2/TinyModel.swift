import InpaintingData
import Tensors
import TestSupport

@testable import InpaintingModels

/// A DeepFill v2 that takes no time.
func tinyModel(
  seed: UInt64 = 1, _ change: (inout DeepFillV2Configuration) -> Void = { _ in }
) -> DeepFillV2 {
  var configuration = DeepFillV2Configuration()
  configuration.width = 4
  configuration.discriminatorWidth = 2
  change(&configuration)
  return DeepFillV2(configuration, seed: seed)
}

/// Noise with a hole of its own in each picture.
func tinyBatch(_ name: String = "batch", count: Int = 2, size: Int = 16, guided: Bool = false) -> InpaintingBatch {
  var holes = Tensor.zeros([count, size, size, 1])
  holes.withMutableElements { elements in
    for sample in 0..<count {
      for y in sample..<size / 2 {
        for x in size / 4..<size / 2 + sample { elements[(sample * size + y) * size + x] = 1 }
      }
    }
  }
  let guidance = Tensor.noise(name + " guidance", [count, size, size, 1]).elements.map { $0 > 0 ? Scalar(1) : 0 }
  return InpaintingBatch(
    images: .noise(name, [count, size, size, 3]), holes: holes,
    conditions: guided ? [.edges: Tensor(guidance, shape: [count, size, size, 1])] : [:])
}

extension InpaintingBatch {
  /// One of the pictures alone.
  func sample(_ index: Int) -> InpaintingBatch {
    let range = index..<index + 1
    return InpaintingBatch(
      images: images.sliced(axis: 0, range), holes: holes.sliced(axis: 0, range),
      conditions: self[.edges].map { [.edges: $0.sliced(axis: 0, range)] } ?? [:])
  }
}

extension StepRandomness {
  /// The random stream of a run's first step.
  static let first = StepRandomness(seed: 0, step: 0)
}
