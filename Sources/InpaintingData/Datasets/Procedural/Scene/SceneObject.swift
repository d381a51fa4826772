import Foundation
import Support
import Tensors

/// An object of a scene: a shape, its material, and its shading.
struct SceneObject: Sendable {
  /// In units of the picture's side; it may lie a little outside.
  let center: Point
  /// The shape around the origin, before the rotation by `direction`.
  let outline: Outline
  /// The cosine and sine of the angle by which the object is rotated.
  private let direction: Point
  let material: Material
  /// The distance from the border within which the surface is round; 0 is flat, as if cut from paper.
  private let bevel: Float
  /// The offset from a point of the shadow to the point that casts it.
  private let shadowOffset: Point
  /// The shadow ends at this distance from the object.
  private let shadowReach: Float
  /// The width of the penumbra.
  private let shadowBlur: Float
  /// The radius of a bounding circle around the object and its shadow.
  let reach: Float

  /// - Parameter radius: In units of the picture's side.
  init(radius: Float, palette: Palette, lighting: Lighting, using stream: inout RandomStream) {
    center = Point(Float(stream.uniform(-0.08..<1.08)), Float(stream.uniform(-0.08..<1.08)))
    outline = Outline(radius: radius, using: &stream)
    let angle = stream.chance(0.4) ? stream.uniform(-0.1..<0.1) : stream.uniform(0..<2 * .pi)
    direction = Point(Float(cos(angle)), Float(sin(angle)))
    material = Material(
      from: palette, kinds: SceneObject.paints, repeat: Double(max(radius * 0.18, 0.035))..<Double(radius * 0.5 + 0.05),
      upright: stream.chance(0.5), using: &stream)
    switch stream.uniform() {
    case ..<0.35: bevel = 0
    case ..<0.65: bevel = radius * 0.2
    default: bevel = radius
    }
    let height = radius * Float(stream.uniform(0.08..<0.35))
    shadowOffset = Point(lighting.towards.x, lighting.towards.y) * height
    shadowBlur = height * 1.6 + 0.01
    shadowReach = shadowOffset.length + shadowBlur / 2
    reach = outline.reach + shadowReach
  }

  /// True if a point is near enough for the object or its shadow to touch it.
  func mayTouch(_ point: Point) -> Bool {
    let away = point - center
    return away.x * away.x + away.y * away.y < reach * reach
  }

  /// The signed distance from the border, negative inside.
  func distance(at point: Point) -> Float {
    outline.distance(at: (point - center).rotatedBack(by: direction))
  }

  /// The share of light that the object blocks at a point behind it, 0...1.
  ///
  /// - Parameter distance: The signed distance at that point.
  func shadow(at point: Point, distance: Float) -> Float {
    if distance > shadowReach { return 0 }
    return smooth(0.5 - self.distance(at: point + shadowOffset) / shadowBlur)
  }

  /// The lit color at a point inside.
  ///
  /// - Parameter distance: The signed distance at that point.
  func color(at point: Point, distance: Float, footprint: Float, lighting: Lighting) -> Color {
    let local = (point - center).rotatedBack(by: direction)
    let paint = material.color(at: local, footprint: footprint)
    guard bevel > 0, -distance < bevel else { return paint }
    let step: Float = 0.002
    let right = outline.distance(at: local + Point(step, 0))
    let below = outline.distance(at: local + Point(0, step))
    let slope = (Point(right - distance, below - distance) / step).rotated(by: direction)
    let steepness = limited(1 + distance / bevel)
    let lean = slope * (0.92 * steepness * steepness / max(slope.length, 1))
    return paint * lighting.brightness(leaning: lean)
  }

  /// Plain textures are the most frequent.
  private static let paints: [TextureKind] =
    TextureKind.allCases + [.gradient, .gradient, .gradient, .gradient, .gradient, .gradient, .stone, .stone, .wood]
}
