import Foundation
import Tensors

@testable import InpaintingModels
@testable import Support

/// Files of weights, pictures and results of public ports, for whoever has them: the folder is named by the environment
/// variable `KINTSUGI_FIXTURES`.
struct PortedWeights {
  static let folder = ProcessInfo.processInfo.environment["KINTSUGI_FIXTURES"]

  let file: WeightFile

  init(_ name: String) throws {
    file = try WeightFile(path: Self.folder! + "/" + name + ".safetensors")
  }

  /// Pictures: [batch, channels, height, width] in the file, channels last here.
  func pictures(_ name: String) throws -> Tensor { try file.tensor(name).permuted([0, 2, 3, 1]) }

  /// The model of the file, with its weights.
  func model(_ overrides: [JSONOverride] = []) throws -> DeepFillV2 {
    let plan = try WeightPlan(recognizing: file, overrides: overrides)
    try plan.load(colorOrder: .rgb)
    return plan.model as! DeepFillV2
  }
}
