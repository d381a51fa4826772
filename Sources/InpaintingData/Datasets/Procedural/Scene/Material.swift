import Foundation
import Support

/// A texture with its place, direction and scale on a surface.
struct Material: Sendable {
  let kind: TextureKind
  private let texture: any Texture
  /// The cosine and sine of the angle by which the texture's plane is turned.
  private let direction: Point
  /// The number of repeats of the pattern in one unit of the surface.
  private let repeats: Float
  /// The point of the texture's plane that lies at the surface's origin.
  private let offset: Point

  /// - Parameters:
  ///   - kinds: What to choose from; a kind that is named twice is chosen twice as often.
  ///   - repeat: The side of one repeat of the pattern, in units of the surface.
  ///   - upright: Whether the pattern stands straight, as walls and floors do.
  init(
    from palette: Palette, kinds: [TextureKind], repeat size: Range<Double>, upright: Bool,
    using stream: inout RandomStream
  ) {
    kind = kinds[stream.integer(in: 0..<kinds.count)]
    texture = kind.texture(from: palette, using: &stream)
    repeats = Float(1 / stream.uniform(size))
    let angle = upright ? stream.uniform(-0.06..<0.06) : stream.uniform(0..<2 * .pi)
    let quarter = upright && stream.chance(0.25) ? Double.pi / 2 : 0
    direction = Point(Float(cos(angle + quarter)), Float(sin(angle + quarter)))
    offset = Point(Float(stream.uniform(0..<50)), Float(stream.uniform(0..<50)))
  }

  /// The paint at a point of the surface.
  ///
  /// - Parameter footprint: The side of a pixel in units of the surface.
  func color(at point: Point, footprint: Float) -> Color {
    texture.color(at: point.rotated(by: direction) * repeats + offset, footprint: footprint * repeats)
  }
}
