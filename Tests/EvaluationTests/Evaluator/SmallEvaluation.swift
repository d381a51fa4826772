import Imaging
import InpaintingData
import Kernels
import Tensors
import TestSupport

@testable import Evaluation

/// An evaluation of a few built-in pictures by something that is no network.
enum SmallEvaluation {
  static let weights = WeightsIdentity(name: "some & <weights>", hash: String(repeating: "ab", count: 32))

  static func pictures(
    _ data: String = "procedural", holes: String = "generated", size: Int = 32, limit: Int? = 9, seed: UInt64 = 0
  ) throws -> EvaluationPictures {
    try EvaluationPictures(data: data, holes: holes, size: size, limit: limit, seed: seed)
  }

  /// The original, darker by `level` of 0...1 inside the hole.
  static func darker(by level: Scalar) -> Evaluator.Fill {
    { $0.picture.tensor - $0.hole.tensor * (2 * level) }
  }

  static func report(
    _ pictures: EvaluationPictures? = nil, level: Scalar = 0.1, onNotice: (String) -> Void = { _ in }
  ) throws -> EvaluationReport {
    let pictures = try pictures ?? Self.pictures()
    return try Evaluator(pictures: pictures, fill: darker(by: level))
      .report(weights: weights, onProgress: { _ in }, onNotice: onNotice)
  }
}

extension EvaluationReport {
  /// The mean of a column over all pictures.
  func mean(_ method: FillingMethod, _ metric: Metric, _ region: Region) -> Double? {
    groups[0].mean(method, ScoreColumn(metric: metric, region: region))?.mean
  }
}
