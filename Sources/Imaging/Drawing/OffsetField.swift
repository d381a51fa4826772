/// The vector from each pixel of a picture to another position, such as the one that it was copied from.
package struct OffsetField: Equatable, Sendable {
  /// To the right and downwards, in pixels.
  package struct Offset: Equatable, Sendable {
    package var x: Float
    package var y: Float

    package init(x: Float, y: Float) {
      self.x = x
      self.y = y
    }

    package static let zero = Offset(x: 0, y: 0)
  }

  package let width: Int
  package let height: Int
  private var offsets: [Offset]

  /// Offsets of zero.
  ///
  /// - Precondition: Both sides are positive.
  package init(width: Int, height: Int) {
    self.init(width: width, height: height) { _, _ in .zero }
  }

  /// The offset of each pixel, asked for row by row.
  ///
  /// - Precondition: Both sides are positive.
  package init(width: Int, height: Int, offset: (_ x: Int, _ y: Int) -> Offset) {
    precondition(width > 0 && height > 0, "OffsetField: \(width)x\(height) is no size")
    self.width = width
    self.height = height
    offsets = []
    offsets.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width { offsets.append(offset(x, y)) }
    }
  }

  /// - Precondition: The position lies within the field.
  package subscript(x: Int, y: Int) -> Offset {
    get { offsets[index(x, y)] }
    set { offsets[index(x, y)] = newValue }
  }

  /// The field in the colors of `ColorWheel`, the longest offset in a full color: an RGB picture of the same size.
  package var picture: Picture {
    let longest = offsets.lazy.map(\.length).max() ?? 0
    let scale = longest > 0 ? 1 / longest : 0
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * offsets.count)
    for offset in offsets {
      let color = ColorWheel.color(of: Offset(x: offset.x * scale, y: offset.y * scale))
      for channel in 0..<3 { pixels.append(color[channel]) }
    }
    return Picture(width: width, height: height, channels: 3, pixels: pixels)
  }

  private func index(_ x: Int, _ y: Int) -> Int {
    precondition(
      (0..<width).contains(x) && (0..<height).contains(y),
      "OffsetField: (\(x), \(y)) does not lie within \(width)x\(height)")
    return y * width + x
  }
}

extension OffsetField.Offset {
  /// The distance.
  var length: Float { (x * x + y * y).squareRoot() }
}
