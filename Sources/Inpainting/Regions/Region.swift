import Imaging

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
