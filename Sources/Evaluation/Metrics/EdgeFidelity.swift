package import Imaging

/// The agreement of a filled picture's edges with the sketch that it should follow.
enum EdgeFidelity: DescribedMetric {
  static let title = "Edge F"
  static let definition =
    "The F-score, the harmonic mean of precision and recall, of the edges that Canny's detector (sigma 2, thresholds 0.1 and "
    + "0.2) finds in the filled picture against the sketch; an edge pixel agrees with another within 2 pixels. Not measured "
    + "where the sketch has no line in the region."
  static let better = BetterDirection.higher
  static let format = NumberFormat.percent(decimals: 1)

  /// - Parameters:
  ///   - sketch, hole: The sketch and the hole, of the picture's size.
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

/// The precision and recall of edges found in a filled picture against the expected ones. An edge pixel in the hole
/// agrees if the other map has one within the tolerance, in the hole or just outside.
package struct EdgeAgreement: Equatable, Sendable {
  /// The share of found edge pixels that were expected, 0...1; nil where nothing was found or nothing is expected.
  package let precision: Double?
  /// The share of expected edge pixels that were found, 0...1; nil where nothing is expected.
  package let recall: Double?
  /// The harmonic mean of both, 0 where either is 0 or nothing was found; nil where nothing is expected.
  package let fScore: Double?

  /// - Parameters:
  ///   - found, expected: Edge maps of the hole's size.
  ///   - tolerance: The Euclidean distance in pixels up to which edges agree.
  /// - Precondition: The sizes are the same, and the tolerance is finite and not negative.
  package init(found: EdgeMap, expected: EdgeMap, hole: Hole, tolerance: Double = 2) {
    precondition(
      [found.width, found.height] == [hole.width, hole.height]
        && [expected.width, expected.height] == [hole.width, hole.height],
      "EdgeAgreement: edges of \(found.width)x\(found.height) and \(expected.width)x\(expected.height) in a hole of "
        + "\(hole.width)x\(hole.height)")
    let foundShare = Self.shareInHole(of: found, near: expected.dilated(by: tolerance), hole: hole)
    guard let recall = Self.shareInHole(of: expected, near: found.dilated(by: tolerance), hole: hole) else {
      (precision, recall, fScore) = (nil, nil, nil)
      return
    }
    self.recall = recall
    precision = foundShare
    let sum = (foundShare ?? 0) + recall
    fScore = sum > 0 ? 2 * (foundShare ?? 0) * recall / sum : 0
  }

  /// The share of the edge pixels in the hole where the other map is 1; nil if there are none.
  private static func shareInHole(of edges: EdgeMap, near other: EdgeMap, hole: Hole) -> Double? {
    var (count, agreeing) = (0, 0)
    for (index, isMissing) in hole.values.enumerated() where isMissing != 0 && edges.values[index] != 0 {
      count += 1
      agreeing += Int(other.values[index])
    }
    return count > 0 ? Double(agreeing) / Double(count) : nil
  }
}
