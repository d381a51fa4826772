import InpaintingData
import InpaintingModels
import Tensors

/// An example as a network takes it: reflected beyond its right and lower borders until its sides are multiples of what
/// the network needs.
struct PaddedInput {
  let batch: InpaintingBatch
  /// The part that is no padding.
  private let width: Int
  private let height: Int

  /// - Parameter example: The padding's missing pixels are those that it reflects.
  init(_ example: Example, for model: any InpaintingModel) {
    width = example.picture.width
    height = example.picture.height
    batch = InpaintingBatch([example.padded(toMultipleOf: model.sizeMultiple)], conditions: model.conditions)
  }

  /// The part of a network's output that is no padding: [1, height, width, channels].
  func unpadded(_ output: Tensor) -> Tensor {
    if output.shape[1] == height && output.shape[2] == width { return output }
    return output.sliced([0..<output.shape[0], 0..<height, 0..<width, 0..<output.shape[3]])
  }
}
