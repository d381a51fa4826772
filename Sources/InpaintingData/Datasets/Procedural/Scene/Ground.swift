import Foundation
import Support
import Tensors

/// The background of all objects: a wall or table from above, or a wall (or sky) with a floor that runs towards it.
struct Ground: Sendable {
  /// The material of the wall, or of everything if there is no floor.
  private let wall: Material
  /// The material of the floor, if there is one.
  private let floor: Material
  private let hasFloor: Bool
  /// The floor's end, and the height of its plane's own horizon above that, in units of the picture's side.
  private let edge: Float
  private let depth: Float

  /// A random ground: one in three has a floor, the others are seen straight on or from above.
  init(palette: Palette, using stream: inout RandomStream) {
    let room = stream.chance(0.35)
    hasFloor = room
    edge = Float(stream.uniform(0.3..<0.75))
    depth = Float(stream.uniform(0.08..<0.3))
    wall = Material(
      from: palette, kinds: room ? Ground.walls : Ground.tops, repeat: 0.07..<0.22, upright: room || stream.chance(0.6),
      using: &stream)
    floor = Material(
      from: palette, kinds: Ground.tops, repeat: 0.08..<0.25, upright: stream.chance(0.7), using: &stream)
  }

  /// 1, or 2 if there is a floor.
  var surfaces: Int { hasFloor ? 2 : 1 }

  /// The index of the surface that a point belongs to: 0 is the wall, 1 the floor.
  func surface(at point: Point) -> Int {
    hasFloor && point.y >= edge ? 1 : 0
  }

  /// The textures of the surfaces: the wall's and, if there is one, the floor's.
  var kinds: [TextureKind] { hasFloor ? [wall.kind, floor.kind] : [wall.kind] }

  /// The color at a point of the picture, before lighting and shadows.
  ///
  /// - Parameter footprint: The side of a pixel.
  func color(at point: Point, footprint: Float) -> Color {
    if !hasFloor { return wall.color(at: point, footprint: footprint) }
    let below = point.y - edge
    let share = coverage(below, footprint: footprint)
    let upper = share == 1 ? .zero : wall.color(at: point, footprint: footprint) * contact(-below, reach: 0.06)
    if share == 0 { return upper }
    // The perspective of a plane below the camera: depth is inversely proportional to the distance from its horizon.
    let nearness = max(below, 0) + depth
    let scale = (1 - edge + depth) / nearness
    let place = Point((point.x - 0.5) * scale, -scale * (1 - edge + depth))
    let stretch = footprint * scale * max(1, 0.6 * scale)
    return mix(upper, floor.color(at: place, footprint: stretch) * contact(below, reach: 0.12), share)
  }

  /// The factor of ambient occlusion near the corner.
  private func contact(_ distance: Float, reach: Float) -> Float {
    0.72 + 0.28 * smooth(max(distance, 0) / reach)
  }

  /// The textures of floors and tables; those listed twice are more frequent.
  private static let tops: [TextureKind] = [
    .bricks, .cells, .checker, .hexagons, .marble, .scales, .stone, .stone, .stripes, .weave, .wood, .wood, .gradient,
  ]
  /// The textures of what stands behind a floor: mostly plain.
  private static let walls: [TextureKind] = [
    .gradient, .gradient, .gradient, .bricks, .bricks, .stone, .marble, .stripes, .wood,
  ]
}

/// A texture with its position, direction and scale on a surface.
struct Material: Sendable {
  let kind: TextureKind
  private let texture: any Texture
  /// The cosine and sine of the angle by which the texture's plane is rotated.
  private let direction: Point
  /// The number of repeats of the pattern in one unit of the surface.
  private let repeats: Float
  /// The point of the texture's plane that lies at the surface's origin.
  private let offset: Point

  /// - Parameters:
  ///   - kinds: The kinds to choose from; one that is listed twice is chosen twice as often.
  ///   - repeat: The side of one repeat of the pattern, in units of the surface.
  ///   - upright: True if the pattern is aligned with the axes, as on walls and floors.
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

  /// The color at a point of the surface, without lighting.
  ///
  /// - Parameter footprint: The side of a pixel in units of the surface.
  func color(at point: Point, footprint: Float) -> Color {
    texture.color(at: point.rotated(by: direction) * repeats + offset, footprint: footprint * repeats)
  }
}
