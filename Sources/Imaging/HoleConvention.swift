/// How a picture says which pixels are missing. The threshold is at half: 128 of 255.
package enum HoleConvention: String, CaseIterable, Sendable {
  /// White pixels of a hole picture, from 128 on, are missing.
  case white
  /// Black pixels of a hole picture, below 128, are missing.
  case black
  /// Pixels of the picture itself are missing where they are more transparent than opaque.
  case alpha

  /// The hole that a hole picture shows.
  ///
  /// - Parameter picture: Colors count by their brightness; opacities play no part.
  /// - Precondition: The convention is not `alpha`.
  package func hole(shownBy picture: Picture) -> Hole {
    precondition(self != .alpha, "HoleConvention.hole(shownBy:): alpha needs no hole picture")
    return self == .white ? Hole(picture) : Self.hole(below128: picture.grey().pixels, of: picture)
  }

  /// The hole that a picture's own opacities show; nil if it has none.
  package static func transparency(of picture: Picture) -> Hole? {
    picture.alpha.map { hole(below128: $0, of: picture) }
  }

  /// The hole of a picture's size that is missing where values are below 128.
  private static func hole(below128 values: [UInt8], of picture: Picture) -> Hole {
    Hole(width: picture.width, height: picture.height, values: values.map { $0 < 128 ? 1 : 0 })
  }
}
