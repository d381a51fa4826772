import Support

/// Random numbers on a square lattice, and gradient noise (Perlin, 1985 and 2002).
struct Noise: Sendable {
  /// The seed of the lattice.
  let seed: UInt32

  /// A noise with a random seed.
  init(using stream: inout RandomStream) {
    seed = UInt32(truncatingIfNeeded: stream.next())
  }

  /// 32 random bits for a lattice point.
  func bits(_ column: Int32, _ row: Int32) -> UInt32 {
    var mixed = seed &+ UInt32(bitPattern: column) &* 0x9e37_79b1 &+ UInt32(bitPattern: row) &* 0x85eb_ca77
    mixed = (mixed ^ (mixed >> 15)) &* 0x2c1b_3c6d
    mixed = (mixed ^ (mixed >> 12)) &* 0x297a_2d39
    return mixed ^ (mixed >> 15)
  }

  /// A number in 0..<1 for a lattice point: the tone of a brick, the length of a plank.
  func value(_ column: Int32, _ row: Int32) -> Float {
    Float(bits(column, row) >> 8) * 0x1p-24
  }

  /// Gradient noise, about -1...1, with features about one unit wide.
  func smooth(at point: Point) -> Float {
    let (column, x) = split(point.x)
    let (row, y) = split(point.y)
    let across = x * x * x * (x * (x * 6 - 15) + 10)
    let down = y * y * y * (y * (y * 6 - 15) + 10)
    let upper = slope(column, row, x, y) * (1 - across) + slope(column + 1, row, x - 1, y) * across
    let lower = slope(column, row + 1, x, y - 1) * (1 - across) + slope(column + 1, row + 1, x - 1, y - 1) * across
    return (upper + (lower - upper) * down) * 1.6
  }

  /// The contribution of a lattice point's random gradient.
  private func slope(_ column: Int32, _ row: Int32, _ x: Float, _ y: Float) -> Float {
    let bits = Int32(bitPattern: bits(column, row))
    return (Float(bits >> 16) * x + Float((bits << 16) >> 16) * y) * 0x1p-15
  }

  /// Fractal noise, a sum of octaves of gradient noise, about -1...1. Octaves finer than a pixel are left out, as they
  /// would alias.
  ///
  /// - Parameter footprint: The side of a pixel in the units of `point`.
  func fractal(at point: Point, octaves: Int, footprint: Float) -> Float {
    var sum: Float = 0
    var amplitude: Float = 0.6
    var place = point
    var pixel = footprint
    for _ in 0..<octaves {
      let visible = limited(2 - 4 * pixel)
      if visible == 0 { break }
      sum += amplitude * visible * smooth(at: place)
      // Rotated by an angle of which no small multiple is a multiple of 90°, so that the octaves' lattices never line
      // up.
      place = Point(1.6 * place.x - 1.2 * place.y, 1.2 * place.x + 1.6 * place.y) + Point(17.3, 9.1)
      pixel *= 2
      amplitude *= 0.5
    }
    return sum
  }
}
