import Foundation

/// The colors in which directions and distances are usually shown (Baker et al., 2011, "A Database and Evaluation
/// Methodology for Optical Flow"): the hue tells the direction, the saturation the distance.
///
/// White stands still; to the right is red, down is yellow, to the left is light blue, up is violet.
package enum ColorWheel {
  /// The color of an offset: white at length 0, full at length 1 and beyond.
  ///
  /// - Returns: Red, green and blue in 0...255.
  package static func color(of offset: OffsetField.Offset) -> SIMD3<UInt8> {
    let radius = Double.minimum(Double(offset.length), 1)
    guard radius > 0 else { return SIMD3(repeating: 255) }
    // Half a turn is added, for the wheel begins at the left in the opposite direction.
    let turn = atan2(-Double(offset.y), -Double(offset.x)) / (2 * .pi) + 0.5
    let position = turn * Double(hues.count - 1)
    let index = min(Int(position), hues.count - 1)
    let fraction = position - Double(index)
    let hue = hues[index] + (hues[(index + 1) % hues.count] - hues[index]) * fraction
    let levels = 255 * (1 - radius * (1 - hue))
    return SIMD3<UInt8>(clamping: SIMD3<Int32>(levels.rounded(.toNearestOrAwayFromZero)))
  }

  /// Red, yellow, green, cyan, blue, magenta, and how many steps the eye tells apart on the way to the next.
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
