import Support

/// The interpretation of a hole picture: its hole, and what it was read from. Only this decides which pixels are
/// missing.
///
/// A pixel is bright if any of its channels is 128 or more, be it white, red, or a color of a segmentation's palette.
/// Bright pixels are missing; under the convention `black` the others are. If all pixels are bright, or all dark, and
/// the picture has transparency, its alpha channel is compared with 128 instead: opaque pixels mean what their color
/// means, transparent ones the opposite. White strokes on a transparent canvas are thus missing, and so are transparent
/// parts of a black canvas.
package struct HoleReading: Sendable {
  /// The part of a picture that a hole was read from.
  package enum Plane: Sendable {
    case colors
    case opacities
  }

  package let hole: Hole
  package let plane: Plane
  /// The range of the values that were compared with 128: each pixel's brightest channel, or its alpha.
  package let values: ClosedRange<UInt8>
  /// True if pixels of 128 or more are missing; false if the others are.
  package let isHighMissing: Bool

  /// - Precondition: The convention is not `alpha`, which needs no hole picture.
  package init(_ picture: Picture, convention: HoleConvention = .white) {
    precondition(convention != .alpha, "HoleReading: alpha needs no hole picture")
    let brightness = picture.brightestChannel()
    let colors = Self.range(of: brightness)
    let isBrightMissing = convention == .white
    let saysNothing = colors.upperBound < Self.threshold || colors.lowerBound >= Self.threshold
    if saysNothing, let alpha = picture.alpha, alpha.contains(where: { $0 != 255 }) {
      let isColorMissing = (colors.lowerBound >= Self.threshold) == isBrightMissing
      self.init(alpha, of: picture, plane: .opacities, values: Self.range(of: alpha), isHighMissing: isColorMissing)
    } else {
      self.init(brightness, of: picture, plane: .colors, values: colors, isHighMissing: isBrightMissing)
    }
  }

  /// - Throws: As `Picture.init(contentsOfFile:)`.
  package init(contentsOfFile path: String, convention: HoleConvention = .white) throws {
    self.init(try Picture(contentsOfFile: path), convention: convention)
  }

  private init(
    _ plane: [UInt8], of picture: Picture, plane kind: Plane, values: ClosedRange<UInt8>, isHighMissing: Bool
  ) {
    hole = Hole(
      width: picture.width, height: picture.height,
      values: plane.map { ($0 >= Self.threshold) == isHighMissing ? 1 : 0 })
    self.plane = kind
    self.values = values
    self.isHighMissing = isHighMissing
  }

  /// The least value that is bright, or opaque.
  private static let threshold: UInt8 = 128

  private static func range(of values: [UInt8]) -> ClosedRange<UInt8> {
    var (lowest, highest) = (UInt8.max, UInt8.min)
    for value in values { (lowest, highest) = (min(lowest, value), max(highest, value)) }
    return lowest...highest
  }

  /// True if the picture is not all 0, but no value reaches the threshold: a mask of 0 and 1, class ids, dark colors of
  /// a palette.
  package var isTooDark: Bool { (1..<Self.threshold).contains(values.upperBound) }

  /// The remark that the hole was read from the alpha channel; nil if it was read from the colors.
  package var alphaRemark: String? {
    guard plane == .opacities else { return nil }
    let missing = isHighMissing ? "opaque" : "transparent"
    return "the colors say nothing, so the opacities are the hole, and \(missing) pixels are missing"
  }

  /// The message for a hole that is empty or covers everything: what was found, what is read as missing, and what to
  /// do. Nil for any other hole.
  package var fault: String? {
    guard hole.isEmpty || hole.coversEverything else { return nil }
    let noun = plane == .colors ? "value" : "opacity"
    let isBelow = values.upperBound < Self.threshold
    let extreme =
      switch plane {
      case .colors: isBelow ? "the brightest" : "the darkest"
      case .opacities: isBelow ? "the greatest" : "the least"
      }
    let found = isBelow ? values.upperBound : values.lowerBound
    let missing = isHighMissing ? "128 to 255" : "0 to 127"
    return (hole.isEmpty ? "nothing" : "everything")
      + " is missing: \(extreme) \(noun) found is \(found), and \(missing) are read as missing"
      + (isTooDark ? "; multiply its values, so that the brightest is 255" : "")
  }
}

extension Picture {
  /// The maximum over the channels of each pixel, `height * width` values.
  fileprivate func brightestChannel() -> [UInt8] {
    if channels == 1 { return pixels }
    return [UInt8](unsafeUninitializedCapacity: width * height) { brightest, initializedCount in
      pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<width * height {
          brightest[index] = max(pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2])
        }
      }
      initializedCount = width * height
    }
  }
}

/// The convention by which a picture marks missing pixels, with a threshold of 128.
package enum HoleConvention: String, CaseIterable, Sendable {
  /// Bright pixels of a hole picture, with 128 or more in any channel, are missing: see `HoleReading`.
  case white
  /// The other pixels of a hole picture are missing.
  case black
  /// Pixels of the picture itself are missing where its alpha is below 128.
  case alpha

  /// The hole of a picture's own alpha channel; nil if it has none.
  package static func transparency(of picture: Picture) -> Hole? {
    picture.alpha.map { alpha in
      Hole(width: picture.width, height: picture.height, values: alpha.map { $0 < 128 ? 1 : 0 })
    }
  }
}
