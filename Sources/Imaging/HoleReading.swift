import Support

/// A hole as a hole picture shows it, with what it was read from: the one place that decides which pixels of a hole
/// picture are missing.
///
/// A pixel is bright if any of its channels has 128 or more, be it white, red, or a color of a segmentation's palette.
/// Bright pixels are missing, by the convention `black` the others. Colors that are all bright or all dark say nothing;
/// if such a picture is not opaque, its opacities show the hole: the pixels that are there, from an opacity of 128 on,
/// are what their color means, and those that are not are the contrary. White strokes on a transparent canvas are thus
/// missing strokes, and transparent parts of a black canvas missing parts.
package struct HoleReading: Sendable {
  /// The part of a picture that a hole was read from.
  package enum Plane: Sendable {
    case colors
    case opacities
  }

  package let hole: Hole
  package let plane: Plane
  /// The least and the greatest of what was compared with 128: of each pixel its brightest channel, or its opacity.
  package let values: ClosedRange<UInt8>
  /// True if what is bright, or opaque, is missing; false if the rest is.
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

  /// The least value that is bright, or opaque: half of 255.
  private static let threshold: UInt8 = 128

  private static func range(of values: [UInt8]) -> ClosedRange<UInt8> {
    var (lowest, highest) = (UInt8.max, UInt8.min)
    for value in values { (lowest, highest) = (min(lowest, value), max(highest, value)) }
    return lowest...highest
  }

  /// True if there is something in the picture, and all of it too dark, or too transparent, to be told from nothing:
  /// a mask of 0 and 1, class numbers, dark colors of a palette.
  package var isFaint: Bool { (1..<Self.threshold).contains(values.upperBound) }

  /// The remark that the opacities are the hole; nil if the colors are.
  package var opacityRemark: String? {
    guard plane == .opacities else { return nil }
    let missing = isHighMissing ? "opaque" : "transparent"
    return "the colors say nothing, so the opacities are the hole, and \(missing) pixels are missing"
  }

  /// A hole that leaves nothing to fill, or nothing to fill it from: what was found, what is read as missing, and what
  /// to do about it. Nil for any other hole.
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
      + (isFaint ? "; multiply its values, so that the brightest is 255" : "")
  }
}

extension Picture {
  /// The greatest channel of each pixel, `height * width` values: any color counts as much as white.
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
