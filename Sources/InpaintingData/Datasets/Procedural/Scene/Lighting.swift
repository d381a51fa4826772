import Foundation
import Support

/// Where the light of a scene comes from, and how it falls off over the picture.
struct Lighting: Sendable {
  /// Towards the light: x and y in the picture, z towards the viewer; of length 1.
  let towards: SIMD3<Float>
  /// The share of light that comes from everywhere.
  let ambient: Float
  /// How dark shadows are, 0...1.
  let shadow: Float
  /// The colour and strength of the light.
  private let tint: Colour
  /// How much brighter the picture is on the side of the light.
  private let slope: Point
  /// How much darker the corners are than the middle.
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
    tint = Colour(1 + warmth, 1 + 0.3 * warmth, 1 - warmth) * Float(stream.uniform(0.9..<1.12))
    slope = Point(towards.x, towards.y) * Float(stream.uniform(0..<0.35))
    vignette = Float(stream.uniform(0..<0.45))
  }

  /// What the colour of a surface is multiplied by at a point of the picture.
  func colour(at point: Point) -> Colour {
    let centred = point - Point(0.5, 0.5)
    return tint * (1 + (centred * slope).sum() - vignette * (centred * centred).sum())
  }

  /// How bright a surface is that leans to the side by `lean` (0 faces the viewer, 1 is seen edge-on), relative to one
  /// that faces the viewer (Lambert).
  func brightness(leaning lean: Point) -> Float {
    let facing = max(1 - (lean * lean).sum(), 0).squareRoot()
    let diffuse = max(lean.x * towards.x + lean.y * towards.y + facing * towards.z, 0)
    return ambient + (1 - ambient) * diffuse / towards.z
  }
}
