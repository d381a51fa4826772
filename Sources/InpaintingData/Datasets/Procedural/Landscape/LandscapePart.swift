import Foundation
import Support

/// One surface of a landscape: a form, its paint and its class in `LabelClasses.proceduralLandscapes`.
struct LandscapePart: Sendable {
  let form: LandscapeForm
  let className: String
  private let paint: LandscapePaint

  init(_ form: LandscapeForm, class className: String, paint: LandscapePaint) {
    self.form = form
    self.className = className
    self.paint = paint
  }

  /// The color at a point inside.
  func color(at point: Point, footprint: Float) -> Color { paint.color(at: point, footprint: footprint) }

  /// Walls, with dark windows, and a roof over them.
  static func house(at foot: Point, size: Float, using stream: inout RandomStream) -> [LandscapePart] {
    let half = Point(size * Float(stream.uniform(0.4..<0.75)), size * Float(stream.uniform(0.28..<0.45)))
    let middle = foot - Point(0, half.y)
    let eaves = half.x * Float(stream.uniform(1.05..<1.2))
    let top = middle - Point(0, half.y)
    return [
      LandscapePart(
        .box(center: middle, half: half), class: "wall",
        paint: .wall(origin: middle - half, window: size * 0.16, using: &stream)),
      LandscapePart(
        .roof(
          ridge: top - Point(0, size * Float(stream.uniform(0.3..<0.55))), eaves: top.y, half: eaves,
          flat: eaves * Float(stream.uniform(0..<0.7))),
        class: "roof", paint: .tiles(size: size, using: &stream)),
    ]
  }

  /// A crown on a trunk; both are of the class of trees.
  static func tree(at foot: Point, size: Float, using stream: inout RandomStream) -> [LandscapePart] {
    let height = size * Float(stream.uniform(0.7..<1.2))
    let trunk = LandscapePart(
      .box(center: foot - Point(0, height * 0.25), half: Point(height * 0.05, height * 0.25)), class: "tree",
      paint: .bark(using: &stream))
    let isConifer = stream.chance(0.4)
    let middle = foot - Point(0, height * 0.7)
    let form: LandscapeForm =
      if isConifer {
        .roof(
          ridge: foot - Point(0, height * 1.3), eaves: foot.y - height * 0.2,
          half: height * Float(stream.uniform(0.28..<0.42)), flat: 0)
      } else {
        .crown(
          center: middle, Outline(crownOfRadius: height * Float(stream.uniform(0.38..<0.52)), using: &stream))
      }
    return [trunk, LandscapePart(form, class: "tree", paint: .leaves(around: middle, height: height, using: &stream))]
  }
}

/// The shape of a landscape's part, as a signed distance function: negative inside, and accurate near the border.
enum LandscapeForm: Sendable {
  case everything
  /// Everything below a ridge line: `height` is that of its valleys, `relief` the height of its hills, `width` that of
  /// one hill.
  case ridge(height: Float, relief: Float, width: Float, noise: Noise)
  /// An ellipse.
  case disc(center: Point, radii: Point)
  case box(center: Point, half: Point)
  /// A triangle, or a trapezoid with a ridge that is `flat` to either side of its middle.
  case roof(ridge: Point, eaves: Float, half: Float, flat: Float)
  case crown(center: Point, Outline)
  /// A band that comes from the horizon, swings `bend` to the side, and has the half `width` a unit below the horizon.
  case way(horizon: Float, start: Float, end: Float, bend: Float, width: Float)

  static func lake(behind horizon: Float, using stream: inout RandomStream) -> Self {
    let y = horizon + Float(stream.uniform(0.08..<0.35))
    let wide = Float(stream.uniform(0.2..<0.6))
    return .disc(
      center: Point(Float(stream.uniform(0..<1)), y),
      radii: Point(wide, min(wide * Float(stream.uniform(0.2..<0.4)), y - horizon)))
  }

  static func path(from horizon: Float, using stream: inout RandomStream) -> Self {
    .way(
      horizon: horizon + 0.03, start: Float(stream.uniform(0.1..<0.9)), end: Float(stream.uniform(0..<1)),
      bend: Float(stream.uniform(-0.3..<0.3)), width: Float(stream.uniform(0.2..<0.4)))
  }

  func distance(at point: Point) -> Float {
    switch self {
    case .everything: return -1
    case .ridge(let height, let relief, let width, let noise):
      let hills = noise.fractal(at: Point(point.x / width, 0.5), octaves: 4, footprint: 0)
      return height - relief * (0.5 + hills) - point.y
    case .disc(let center, let radii):
      return Outline.disc(radii: radii).distance(at: point - center)
    case .box(let center, let half):
      return Outline.box(half: half, corner: 0).distance(at: point - center)
    case .roof(let ridge, let eaves, let half, let flat):
      let share = (point.y - ridge.y) / (eaves - ridge.y)
      let slope = (half - flat) / (eaves - ridge.y)
      let side = (abs(point.x - ridge.x) - flat - (half - flat) * share) / (1 + slope * slope).squareRoot()
      return max(side, max(ridge.y - point.y, point.y - eaves))
    case .crown(let center, let outline):
      return outline.distance(at: point - center)
    case .way(let horizon, let start, let end, let bend, let width):
      let down = point.y - horizon
      let share = limited(down / (1 - horizon))
      let middle = start + (end - start) * share + bend * sin(share * .pi * 1.5)
      return max(abs(point.x - middle) - width * max(down, 0) - 0.006, -down)
    }
  }
}

extension Outline {
  /// A crown of leaves: the smooth union of four discs.
  init(crownOfRadius radius: Float, using stream: inout RandomStream) {
    let turn = Float(stream.uniform(0..<6.28))
    let angles = (0..<4).map { turn + Float($0) * 1.57 + Float(stream.uniform(-0.4..<0.4)) }
    let reach = (0..<4).map { _ in radius * Float(stream.uniform(0.25..<0.5)) }
    self = .blob(
      x: SIMD4(zip(angles, reach).map { cos($0) * $1 }), y: SIMD4(zip(angles, reach).map { sin($0) * $1 }),
      radii: SIMD4(reach.map { radius - $0 }), blend: radius * 0.2)
  }
}
