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

/// A part of a picture that is filled in one go.
struct Region: Equatable, Sendable {
  /// Around the missing pixels that are to be filled.
  let target: PixelRectangle
  /// The pixels that the network sees of the picture: the target and what is around it.
  let view: PixelRectangle

  /// A picture in one piece.
  init(wholeOf bounds: PixelRectangle) {
    target = bounds
    view = bounds
  }

  /// A view of at least `trainedSize` pixels a side, in which the target takes at most half of each side, as in
  /// training; smaller only where the picture is. Near the borders the target is not in its middle.
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

  /// The size at which the network sees the view: its own, or scaled down to the size of the training.
  func fillSize(trainedSize: Int) -> (width: Int, height: Int) {
    guard view.longerSide > trainedSize else { return (view.width, view.height) }
    func scaled(_ length: Int) -> Int { max(1, (length * trainedSize + view.longerSide / 2) / view.longerSide) }
    return (scaled(view.width), scaled(view.height))
  }
}
