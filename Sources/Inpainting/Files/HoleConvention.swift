import Imaging

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
  /// - Parameter picture: Colours count by their brightness; opacities play no part.
  /// - Precondition: The convention is not `alpha`.
  func hole(shownBy picture: Picture) -> HoleRaster {
    precondition(self != .alpha, "HoleConvention.hole(shownBy:): alpha needs no hole picture")
    let grey = picture.grey()
    return self == .white ? HoleRaster(grey) : Self.hole(below128: grey.pixels, of: grey)
  }

  /// The hole that a picture's own opacities show; nil if it has none.
  static func transparency(of picture: Picture) -> HoleRaster? {
    picture.alpha.map { hole(below128: $0, of: picture) }
  }

  /// Missing where values are below 128.
  private static func hole(below128 values: [UInt8], of picture: Picture) -> HoleRaster {
    HoleRaster(
      Picture(width: picture.width, height: picture.height, channels: 1, pixels: values.map { 255 - $0 }))
  }
}
