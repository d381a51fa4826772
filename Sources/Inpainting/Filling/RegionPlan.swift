import Imaging

/// A plan of the regions of a picture that are filled one after the other.
///
/// Parts of the hole whose views would overlap are grouped. A group that is large only because it is long, as are
/// scratches, text or specks all over the picture, is cut into pieces that a network can fill at full resolution, so
/// that nothing is downsampled because of a thin line. Regions are filled in order, and each sees the results of those
/// before it.
struct RegionPlan {
  /// The regions, from top to bottom and left to right; the pieces of a group follow one another. Empty if no pixel is
  /// missing.
  let regions: [Region]

  /// - Parameter trainedSize: The side of the pictures that the network was trained with.
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

  /// The box itself if it is small, or at least half as thick as it is long; otherwise the pieces of its two halves,
  /// cut where few pixels are missing.
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

/// A part of a picture that is filled by one run of the network.
struct Region: Equatable, Sendable {
  /// The bounding box of the missing pixels that are filled.
  let target: PixelRectangle
  /// The part of the picture that the network sees: the target and its context.
  let view: PixelRectangle

  /// The whole picture as one region.
  init(wholeOf bounds: PixelRectangle) {
    target = bounds
    view = bounds
  }

  /// A region with a view of at least `trainedSize` pixels a side, in which the target takes at most half of each side,
  /// as in training; smaller only where the picture is. Near the borders the target is not centered.
  init(around target: PixelRectangle, in bounds: PixelRectangle, trainedSize: Int) {
    let side = max(trainedSize, 2 * target.longerSide)
    func place(_ start: Int, _ length: Int, limit: Int) -> (start: Int, length: Int) {
      let viewed = min(side, limit)
      return (min(max(start + length / 2 - viewed / 2, 0), limit - viewed), viewed)
    }
    let horizontal = place(target.x, target.width, limit: bounds.width)
    let vertical = place(target.y, target.height, limit: bounds.height)
    self.target = target
    view = PixelRectangle(
      x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length)
  }

  /// The size of the network's input: that of the view, or downsampled to `trainedSize`.
  func fillSize(trainedSize: Int) -> (width: Int, height: Int) {
    guard view.longerSide > trainedSize else { return (view.width, view.height) }
    func scaled(_ length: Int) -> Int { max(1, (length * trainedSize + view.longerSide / 2) / view.longerSide) }
    return (scaled(view.width), scaled(view.height))
  }
}
