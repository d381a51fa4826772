import Evaluation
import InpaintingModels
import Support

/// What one step did, as `metrics.jsonl` has it.
struct StepReport {
  /// The step's wall time, with waiting for data.
  var seconds = 0.0
  /// The part of it spent waiting for data.
  var waited = 0.0
  var images = 0
  var terms: [LossTerm] = []

  var values: [(key: String, value: Double)] {
    [
      ("seconds", seconds), ("images_per_second", Double(images) / seconds), ("data_wait_seconds", waited),
    ] + terms.map { ($0.name, Double($0.value)) }
  }
}

/// The quality of the fillings beside that of the fill with the mean colour.
struct HoleQualityReport {
  let quality: HoleQuality
  let baseline: HoleQuality

  var values: [(key: String, value: Double)] {
    [
      ("validation/psnr", quality.psnr), ("validation/l1", quality.l1),
      ("validation/psnr_mean_colour", baseline.psnr), ("validation/l1_mean_colour", baseline.l1),
    ]
  }

  var lines: [String] {
    [
      "validation, PSNR in the hole: \(quality.psnr.decimals(2)) dB (mean colour \(baseline.psnr.decimals(2)) dB)",
      "validation, L1 in the hole: \(quality.l1.decimals(4)) (mean colour \(baseline.l1.decimals(4)))",
    ]
  }
}
