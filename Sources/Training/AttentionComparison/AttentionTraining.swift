import Evaluation
import Foundation
import InpaintingModels
import Support

/// A variant that is trained and measured.
struct AttentionTraining {
  /// Means over the pictures, in the holes.
  let l1, psnr, ssim: Double
  /// The moving average of the trained weights.
  let model: any InpaintingModel

  /// Trains, or goes on where training stopped, and measures the fillings.
  ///
  /// - Parameters:
  ///   - directory: The run's; kept, so that the same comparison need not be trained twice.
  ///   - pictures: What fillings are measured on.
  /// - Returns: nil if it was interrupted.
  /// - Throws: `Failure`.
  init?(
    _ configuration: TrainingConfiguration, in directory: RunDirectory, pictures: EvaluationPictures,
    interruption: Interruption, console: Console
  ) throws {
    let exists = Path.exists(directory.checkpoints)
    let run = try TrainingRun(
      configuration, directory: directory, resume: exists ? .newest : nil, interruption: interruption, console: console)
    guard try run.run() == .finished else { return nil }
    let loaded = try LoadedModel(path: directory.path)
    let evaluator = Evaluator(pictures: pictures) { loaded.model.fill([$0]).completed }
    let report = try evaluator.report(
      weights: WeightsIdentity(name: loaded.description, hash: loaded.hash), onProgress: { _ in },
      onNotice: { console.warn($0) })
    func mean(_ metric: Metric) -> Double { report.meanInHoles(of: metric) }
    (l1, psnr, ssim) = (mean(.l1), mean(.psnr), mean(.ssim))
    model = loaded.model
  }
}
