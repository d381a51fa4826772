import Foundation
import Support

/// The direction of the light of a scene, and its falloff over the picture.
struct Lighting: Sendable {
  /// Towards the light: x and y in the picture, z towards the viewer; of length 1.
  let towards: SIMD3<Float>
  /// The share of light that comes from everywhere.
  let ambient: Float
  /// The darkness of shadows, 0...1.
  let shadow: Float
  /// The color and strength of the light.
  private let tint: Color
  /// The gradient of brightness, towards the side of the light.
  private let slope: Point
  /// The darkening per squared distance from the middle, in units of the picture's side.
  private let vignette: Float

  /// Light from above, more or less slanting, a little warm or cold.
  init(using stream: inout RandomStream) {
    let angle = stream.uniform(-0.85 * Double.pi..<(-0.15 * Double.pi))
    let height = stream.uniform(0.45..<0.85)
    let across = (1 - height * height).squareRoot()
    towards = SIMD3(Float(cos(angle) * across), Float(sin(angle) * across), Float(height))
    ambient = Float(stream.uniform(0.4..<0.7))
    shadow = Float(stream.uniform(0.2..<0.6))
    let warmth = Float(stream.uniform(-0.05..<0.07))
    tint = Color(1 + warmth, 1 + 0.3 * warmth, 1 - warmth) * Float(stream.uniform(0.9..<1.12))
    slope = Point(towards.x, towards.y) * Float(stream.uniform(0..<0.35))
    vignette = Float(stream.uniform(0..<0.45))
  }

  /// The factor of a surface's color at a point of the picture.
  func color(at point: Point) -> Color {
    let centered = point - Point(0.5, 0.5)
    return tint * (1 + (centered * slope).sum() - vignette * (centered * centered).sum())
  }

  /// The brightness of a surface that leans to the side by `lean` (0 faces the viewer, 1 is seen edge-on), relative to
  /// one that faces the viewer (Lambert).
  func brightness(leaning lean: Point) -> Float {
    let facing = max(1 - (lean * lean).sum(), 0).squareRoot()
    let diffuse = max(lean.x * towards.x + lean.y * towards.y + facing * towards.z, 0)
    return ambient + (1 - ambient) * diffuse / towards.z
  }
}
