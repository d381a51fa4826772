/// A point of a plane: x to the right, y downwards; 1 is the side of the picture or one repeat of a texture.
typealias Point = SIMD2<Float>

/// Red, green and blue, 0...1 as in a file (gamma-encoded, not linear light).
typealias Color = SIMD3<Float>

extension SIMD2<Float> {
  /// The distance from the origin.
  var length: Float { (x * x + y * y).squareRoot() }

  /// The vector rotated by the angle whose cosine and sine are the components of `direction`.
  func rotated(by direction: Point) -> Point {
    Point(x * direction.x - y * direction.y, x * direction.y + y * direction.x)
  }

  /// The vector rotated by the opposite angle.
  func rotatedBack(by direction: Point) -> Point {
    Point(x * direction.x + y * direction.y, y * direction.x - x * direction.y)
  }
}

extension SIMD3<Float> {
  /// The color `0xRRGGBB`.
  init(hex: UInt32) {
    self.init(Float(hex >> 16 & 255) / 255, Float(hex >> 8 & 255) / 255, Float(hex & 255) / 255)
  }

  /// The color clamped to 0...1.
  var displayable: Color { Color(limited(x), limited(y), limited(z)) }

  /// The gray of the mean channel.
  var gray: Color { Color(repeating: (x + y + z) / 3) }
}

/// The number clamped to 0...1; 0 for NaN.
@inline(__always)
func limited(_ value: Float) -> Float {
  value > 0 ? (value < 1 ? value : 1) : 0
}

/// The smoothstep function: from 0 (at or below 0) to 1 (at or above 1).
func smooth(_ value: Float) -> Float {
  let t = limited(value)
  return t * t * (3 - 2 * t)
}

/// The antialiased coverage: the share of a pixel on the positive side of an edge at `distance` from its center.
@inline(__always)
func coverage(_ distance: Float, footprint: Float) -> Float {
  limited(distance / footprint + 0.5)
}

/// Linear interpolation from the first color (`share` 0) to the second (1).
@inline(__always)
func mix(_ first: Color, _ second: Color, _ share: Float) -> Color {
  first + (second - first) * share
}

/// The floor and the fractional part. (`rounded(.down)` is a library call on the oldest processors that Swift compiles
/// for.)
@inline(__always)
func split(_ value: Float) -> (whole: Int32, part: Float) {
  let whole = Int32(value)
  let below = value < Float(whole) ? whole - 1 : whole
  return (below, value - Float(below))
}
