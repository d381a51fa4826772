/// The rule by which a picture says which pixels are missing. The threshold is at half: 128 of 255.
package enum HoleConvention: String, CaseIterable, Sendable {
  /// Bright pixels of a hole picture, of which any channel has 128 or more, are missing: see `HoleReading`.
  case white
  /// The other pixels of a hole picture are missing.
  case black
  /// Pixels of the picture itself are missing where they are more transparent than opaque.
  case alpha

  /// The hole that a picture's own opacities show; nil if it has none.
  package static func transparency(of picture: Picture) -> Hole? {
    picture.alpha.map { alpha in
      Hole(width: picture.width, height: picture.height, values: alpha.map { $0 < 128 ? 1 : 0 })
    }
  }
}
