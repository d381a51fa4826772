import Foundation

/// The peak signal-to-noise ratio, in decibels.
enum PeakSignalToNoise: PictureMetric {
  /// The decibels of a perfect filling.
  static let limit = 100.0

  static let title = "PSNR"
  static let definition =
    "10 log10(1 / L2) in decibels, \(Int(limit)) at most, for each picture; means are over the decibels. Inside the hole "
    + "with the L2 of the missing pixels only."
  static let better = BetterDirection.higher
  static let format = NumberFormat.plain(unit: "dB", decimals: 2)

  static func scores(_ comparison: Comparison) -> RegionScores {
    let squared = MeanSquaredError.scores(comparison)
    return RegionScores(whole: decibels(squared.whole), hole: decibels(squared.hole))
  }

  /// 10 log10(1 / meanSquare), within the limit.
  private static func decibels(_ meanSquare: Double) -> Double {
    min(limit, -10 * log10(max(meanSquare, pow(10, -limit / 10))))
  }
}
