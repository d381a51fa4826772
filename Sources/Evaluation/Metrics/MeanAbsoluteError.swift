/// L1: the difference that most inpainting networks are trained to make small, so that it flatters those that blur.
enum MeanAbsoluteError: PictureMetric {
  static let title = "L1"
  static let definition =
    "The mean absolute difference over pixels and color channels, where 100 % is from black to white (0 to 1 in JSON)."
  static let better = BetterDirection.lower
  static let format = NumberFormat.percent(decimals: 2)

  static func scores(_ comparison: Comparison) -> RegionScores {
    comparison.mean(ofDifferences: abs)
  }
}
