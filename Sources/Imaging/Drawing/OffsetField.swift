import Foundation

/// An offset field: the vector from each pixel to another position, such as the one that it was copied from.
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

  /// Offsets from a function of column and row, called row by row.
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

  /// The field in the colors of `ColorWheel`, normalized by the longest offset: an RGB picture of the same size.
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
  /// The Euclidean length in pixels.
  var length: Float { (x * x + y * y).squareRoot() }
}

/// The usual color coding of flow fields (Baker et al., 2011, "A Database and Evaluation Methodology for Optical
/// Flow"): hue is direction, saturation length.
///
/// White is zero; to the right is red, down is yellow, to the left is light blue, up is violet.
package enum ColorWheel {
  /// The color of an offset: white at length 0, full at length 1 and beyond.
  ///
  /// - Returns: Red, green and blue in 0...255.
  package static func color(of offset: OffsetField.Offset) -> SIMD3<UInt8> {
    let radius = Double.minimum(Double(offset.length), 1)
    guard radius > 0 else { return SIMD3(repeating: 255) }
    // The angle of the opposite vector plus half a turn: the same angle, but in 0...1, clockwise from the right.
    let turn = atan2(-Double(offset.y), -Double(offset.x)) / (2 * .pi) + 0.5
    let position = turn * Double(hues.count - 1)
    let index = min(Int(position), hues.count - 1)
    let fraction = position - Double(index)
    let hue = hues[index] + (hues[(index + 1) % hues.count] - hues[index]) * fraction
    let levels = 255 * (1 - radius * (1 - hue))
    return SIMD3<UInt8>(clamping: SIMD3<Int32>(levels.rounded(.toNearestOrAwayFromZero)))
  }

  /// Red, yellow, green, cyan, blue, magenta, and the number of steps to the next, by perceptual similarity.
  private static let corners: [(color: SIMD3<Double>, steps: Int)] = [
    (SIMD3(1, 0, 0), 15), (SIMD3(1, 1, 0), 6), (SIMD3(0, 1, 0), 4), (SIMD3(0, 1, 1), 11), (SIMD3(0, 0, 1), 13),
    (SIMD3(1, 0, 1), 6),
  ]

  /// The 55 colors of the wheel.
  private static let hues: [SIMD3<Double>] = corners.indices.flatMap { index in
    let (first, steps) = corners[index]
    let second = corners[(index + 1) % corners.count].color
    return (0..<steps).map { first + (second - first) * (Double($0) / Double(steps)) }
  }
}
