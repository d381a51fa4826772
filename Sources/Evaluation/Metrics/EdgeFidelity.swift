import Imaging

/// The agreement of a filling's edges with a sketch, where a sketch is to be followed.
enum EdgeFidelity: DescribedMetric {
  static let title = "Edge F"
  static let definition =
    "The F-score, the harmonic mean of precision and recall, of the edges that Canny's detector (sigma 2, thresholds 0.1 and "
    + "0.2) finds in the filled picture against the sketch; an edge pixel agrees with another within 2 pixels. Not measured "
    + "where the sketch has no line in the region."
  static let better = BetterDirection.higher
  static let format = NumberFormat.percent(decimals: 1)

  /// - Parameters:
  ///   - sketch, hole: Of the picture's size.
  /// - Returns: Nil where the sketch has no line in the hole.
  static func scores(of filled: Picture, sketch: EdgeMap, hole: Hole) -> RegionScores? {
    let found = CannyDetector().edges(of: filled)
    let everywhere = Hole(width: hole.width, height: hole.height) { _, _ in true }
    guard let inside = EdgeAgreement(found: found, expected: sketch, hole: hole).fScore,
      let whole = EdgeAgreement(found: found, expected: sketch, hole: everywhere).fScore
    else { return nil }
    return RegionScores(whole: whole, hole: inside)
  }
}
