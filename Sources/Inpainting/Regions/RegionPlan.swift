import Imaging

/// Cuts a picture into regions around its holes.
///
/// Parts of the hole whose views would overlap belong together. Where they are wide only because they are long, as
/// scratches, text and specks all over the picture are, they are cut into pieces that a network can fill at full
/// resolution: nothing is scaled down on account of a thin line. The regions of a hole are filled in order, and each
/// sees what the ones before have made.
struct RegionPlan {
  /// From the top to the bottom, and in a row from the left to the right; the pieces of what belongs together follow one
  /// another. None if no pixel is missing.
  let regions: [Region]

  /// - Parameter trainedSize: The sides of the pictures that the network was trained with.
  init(of hole: Hole, trainedSize: Int) {
    precondition(trainedSize > 0, "RegionPlan: \(trainedSize) is no size")
    let bounds = PixelRectangle(x: 0, y: 0, width: hole.width, height: hole.height)
    let groups = HoleComponents(of: hole).merged {
      Region(around: $0, in: bounds, trainedSize: trainedSize).view
    }
    regions = groups.flatMap { group in
      Self.pieces(of: group, hole: hole, trainedSize: trainedSize)
        .map { Region(around: $0, in: bounds, trainedSize: trainedSize) }
    }
  }

  /// The box itself if it is small or as thick as it is long; otherwise the pieces of its two parts, cut where little is
  /// missing.
  private static func pieces(of box: PixelRectangle, hole: Hole, trainedSize: Int) -> [PixelRectangle] {
    guard box.longerSide > max(1, trainedSize / 2), box.longerSide > 2 * hole.thickness(in: box) else { return [box] }
    let isWide = box.width >= box.height
    let counts = isWide ? hole.missingCounts(ofColumnsIn: box) : hole.missingCounts(ofRowsIn: box)
    let cut = position(ofCutIn: counts)
    var (first, second) = (box, box)
    if isWide {
      (first.width, second.x, second.width) = (cut, box.x + cut, box.width - cut)
    } else {
      (first.height, second.y, second.height) = (cut, box.y + cut, box.height - cut)
    }
    return [first, second].compactMap { hole.missingBounds(in: $0) }
      .flatMap { pieces(of: $0, hole: hole, trainedSize: trainedSize) }
  }

  /// The position in the middle half at which the fewest pixels are missing; of equals, the nearest to the middle, then
  /// the first.
  private static func position(ofCutIn counts: [Int]) -> Int {
    let middle = counts.count / 2
    let candidates = max(1, counts.count / 4)...max(1, counts.count - counts.count / 4 - 1)
    return candidates.min { (counts[$0], abs($0 - middle)) < (counts[$1], abs($1 - middle)) } ?? middle
  }
}
