import Foundation
import Support

/// The shape of an object, as a signed distance function: negative inside.
///
/// Distances are exact where that is cheap, and accurate near the border everywhere, which is where shading and
/// antialiasing use them (after the distance functions of Inigo Quilez).
enum Outline: Sendable {
  /// A disc, or an ellipse with the radii given.
  case disc(radii: Point)
  /// A box of half that size, with round corners.
  case box(half: Point, corner: Float)
  /// The smooth union of four discs: pebbles, fruit, clouds.
  case blob(x: SIMD4<Float>, y: SIMD4<Float>, radii: SIMD4<Float>, blend: Float)
  /// The intersection of two discs, its tips at `reach` above and below.
  case leaf(reach: Float, bend: Float, radius: Float)

  /// A random shape of about `radius`.
  init(radius: Float, using stream: inout RandomStream) {
    func real(_ range: Range<Double>) -> Float { Float(stream.uniform(range)) }
    switch stream.uniform() {
    case ..<0.3:
      self = .disc(radii: stream.chance(0.5) ? Point(radius, radius) : Point(radius, radius * real(0.45..<1)))
    case ..<0.6:
      let half = Point(radius * real(0.6..<1), radius * real(0.3..<0.9))
      self = .box(half: half, corner: half.min() * (stream.chance(0.5) ? 0.05 : real(0.05..<0.6)))
    case ..<0.88:
      let turn = real(0..<6.28)
      let angles = (0..<4).map { turn + Float($0) * 1.57 + real(-0.5..<0.5) }
      let reach = (0..<4).map { _ in radius * real(0.1..<0.55) }
      self = .blob(
        x: SIMD4(zip(angles, reach).map { cos($0) * $1 }), y: SIMD4(zip(angles, reach).map { sin($0) * $1 }),
        radii: SIMD4(reach.map { (radius - $0) * real(0.5..<0.95) }), blend: radius * real(0.15..<0.4))
    default:
      let narrow = radius * real(0.25..<0.5)
      // Two circles through both tips, as far apart as makes the leaf `narrow` at its widest.
      let circle = (radius * radius + narrow * narrow) / (2 * narrow)
      self = .leaf(reach: radius, bend: circle - narrow, radius: circle)
    }
  }

  /// The signed distance of a point from the border; the center is the origin.
  func distance(at point: Point) -> Float {
    switch self {
    case .disc(let radii):
      let scaled = point / radii
      let steep = (scaled / radii).length
      return steep < 1e-6 ? -radii.min() : scaled.length * (scaled.length - 1) / steep
    case .box(let half, let corner):
      let x = abs(point.x) - half.x + corner
      let y = abs(point.y) - half.y + corner
      let outside = Point(max(x, 0), max(y, 0)).length
      return min(max(x, y), 0) + outside - corner
    case .blob(let x, let y, let radii, let blend):
      let dx = x - point.x
      let dy = y - point.y
      let each = (dx * dx + dy * dy).squareRoot() - radii
      return joined(joined(each[0], each[1], blend), joined(each[2], each[3], blend), blend)
    case .leaf(let reach, let bend, let radius):
      let x = abs(point.x)
      let y = abs(point.y)
      let beyondTip = (y - reach) * bend > x * reach
      return beyondTip ? Point(x, y - reach).length : Point(x + bend, y).length - radius
    }
  }

  /// The smooth minimum of two distances.
  private func joined(_ first: Float, _ second: Float, _ blend: Float) -> Float {
    let share = max(blend - abs(first - second), 0) / blend
    return min(first, second) - share * share * blend * 0.25
  }

  /// The radius of a bounding circle around the center.
  var reach: Float {
    switch self {
    case .disc(let radii): radii.max()
    case .box(let half, _): half.length
    case .blob(let x, let y, let radii, let blend):
      ((x * x + y * y).squareRoot() + radii).max() + blend
    case .leaf(let reach, _, _): reach
    }
  }
}
