import Tensors
import TestSupport

@testable import InpaintingModels

/// A DeepFill v1 for pictures of 32x32 that takes no time.
func tinyV1(
  seed: UInt64 = 1, _ change: (inout DeepFillV1Configuration) -> Void = { _ in }
) -> DeepFillV1 {
  var configuration = DeepFillV1Configuration()
  configuration.width = 2
  configuration.criticWidth = 2
  configuration.pictureSize = 32
  configuration.localSize = 16
  configuration.schedule.criticUpdates = 2
  change(&configuration)
  return DeepFillV1(configuration, seed: seed)
}
