/// L2, in the sense of inpainting papers: squared, and no root is taken.
enum MeanSquaredError: PictureMetric {
  static let title = "L2"
  static let definition =
    "The mean squared difference over pixels and color channels, without a root, where 100 % is from black to white "
    + "(0 to 1 in JSON)."
  static let better = BetterDirection.lower
  static let format = NumberFormat.percent(decimals: 3)

  static func scores(_ comparison: Comparison) -> RegionScores {
    comparison.mean { $0 * $0 }
  }
}
