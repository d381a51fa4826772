/// The metadata of a picture file. It is kept for writing the picture again, and used for nothing else: there is no
/// color management.
///
/// Other renderings of the picture, such as thumbnails, are dropped: they would show what was removed. Cropped, resized
/// and rotated pictures keep all of it, as profile and camera are the same; sizes within the EXIF data remain those of
/// the original.
package struct PictureMetadata: Equatable, Sendable {
  /// The ICC color profile (ICC.1:2022); nil is sRGB.
  package var iccProfile: [UInt8]?
  /// EXIF data as the bare TIFF structure, from the byte order on (CIPA DC-008). After reading, its orientation is 1,
  /// as the picture was turned upright.
  package var exif: [UInt8]?
  /// An XMP packet (ISO 16684-1), in UTF-8.
  package var xmp: [UInt8]?
  package var resolution: Resolution?
  /// The color space by PNG's own chunks.
  var pngColorSpace: PNGColorSpace?
  /// The names of other metadata in the file, which is dropped whatever the format.
  var droppedItems: [String] = []

  package init(
    iccProfile: [UInt8]? = nil, exif: [UInt8]? = nil, xmp: [UInt8]? = nil, resolution: Resolution? = nil
  ) {
    self.iccProfile = iccProfile
    self.exif = exif
    self.xmp = xmp
    self.resolution = resolution
  }

  /// The maximum size of an item in bytes; larger ones are dropped. A profile of this length fits into every format.
  static let maximumItemBytes = 16_000_000

  /// The metadata that fits a picture of so many channels: a profile for these channels, and valid EXIF data and XMP of
  /// an upright picture, without other renderings of it.
  func fitting(channels: Int) -> PictureMetadata {
    var kept = self
    kept.iccProfile = iccProfile.flatMap { ICCProfile.describes(channels: channels, $0) ? $0 : nil }
    kept.exif = exif.flatMap { ExifData($0)?.sanitized }
    kept.xmp = xmp.flatMap { XMPPacket($0)?.sanitized }
    return kept
  }

  /// All but the profile, which is for other channels.
  var withoutProfile: PictureMetadata {
    var kept = self
    kept.iccProfile = nil
    return kept
  }

  /// The metadata of the transposed picture.
  var transposed: PictureMetadata {
    var kept = self
    kept.resolution = resolution?.transposed
    return kept
  }

  /// The names of the metadata that a format cannot hold, as in "left out: …".
  ///
  /// - Parameter channels: The channels of the picture.
  package func losses(in format: PictureFormat, channels: Int) -> [String] {
    var losses = droppedItems
    switch format {
    case .png: break
    case .jpeg:
      if exif.map({ $0.count > Self.longestJPEGExif }) ?? false { losses.append("EXIF data of more than 64 kB") }
      if xmp.map({ $0.count > Self.longestJPEGXMP }) ?? false { losses.append("XMP of more than 64 kB") }
      if let resolution, resolution.jfif == nil { losses.append("the resolution") }
    case .webp:
      if resolution != nil, let exif, !(ExifData(exif)?.hasResolution ?? false) { losses.append("the resolution") }
      if channels == 1, iccProfile != nil { losses.append("a color profile for gray") }
    }
    if format != .png, iccProfile == nil, let pngColorSpace, !pngColorSpace.isSRGB {
      losses.append("the color space (\(pngColorSpace.names))")
    }
    return losses
  }
}

/// The resolution of a picture in print, or only the aspect ratio of its pixels.
package struct Resolution: Equatable, Sendable {
  /// The unit of length.
  package enum Unit: Sendable {
    /// With `none` the numbers are the pixels' aspect ratio.
    case none, inch, centimeter, meter
  }

  /// Pixels per unit, at least 1.
  package let horizontal: Int
  package let vertical: Int
  package let unit: Unit

  /// Nil if a number is not positive, or for square pixels without a unit, which are the default.
  package init?(horizontal: Int, vertical: Int, unit: Unit) {
    guard horizontal > 0, vertical > 0, unit != .none || horizontal != vertical else { return nil }
    self.horizontal = horizontal
    self.vertical = vertical
    self.unit = unit
  }

  /// The resolution of the transposed picture.
  var transposed: Resolution? { Resolution(horizontal: vertical, vertical: horizontal, unit: unit) }

  /// The fields of JFIF (ITU-T T.871, section 10.1): 0 for an aspect ratio, 1 for inches, 2 for centimeters. Nil if a
  /// number has more than 16 bits, or is less than a half.
  var jfif: (unit: UInt8, horizontal: UInt16, vertical: UInt16)? {
    let code: UInt8
    let perUnit: Double
    switch unit {
    case .none: (code, perUnit) = (0, 1)
    case .inch: (code, perUnit) = (1, 1)
    case .centimeter: (code, perUnit) = (2, 1)
    // Other values were probably rounded from pixels per inch.
    case .meter where horizontal % 100 == 0 && vertical % 100 == 0: (code, perUnit) = (2, 0.01)
    case .meter: (code, perUnit) = (1, 0.0254)
    }
    func rounded(_ value: Int) -> UInt16? { UInt16(exactly: (Double(value) * perUnit).rounded()) }
    guard let x = rounded(horizontal), let y = rounded(vertical), x > 0, y > 0 else { return nil }
    return (code, x, y)
  }

  /// The fields of PNG's chunk `pHYs` (ISO/IEC 15948, section 11.3.5.3): 0 for an aspect ratio, 1 for meters.
  var png: (unit: UInt8, horizontal: UInt32, vertical: UInt32)? {
    let perUnit: Double =
      switch unit {
      case .none, .meter: 1
      case .inch: 1 / 0.0254
      case .centimeter: 100
      }
    func rounded(_ value: Int) -> UInt32? {
      UInt32(exactly: (Double(value) * perUnit).rounded()).flatMap { $0 <= UInt32(Int32.max) ? $0 : nil }
    }
    guard let x = rounded(horizontal), let y = rounded(vertical) else { return nil }
    return (unit == .none ? 0 : 1, x, y)
  }

  /// The unit of EXIF's fractions (CIPA DC-008, section 4.6.4), and their denominator.
  var exifUnit: (code: Int, denominator: Int) {
    switch unit {
    case .none: (1, 1)
    case .inch: (2, 1)
    case .centimeter: (3, 1)
    case .meter: (3, 100)
    }
  }
}

/// The color space of a PNG file without a profile, by its chunks (PNG, third edition, section 11.3.2). Other formats
/// have no such fields.
package struct PNGColorSpace: Equatable, Sendable {
  /// The chunk `gAMA`, 100 000 times the exponent.
  var gamma: UInt32?
  /// The chunk `cHRM`: white, red, green and blue, x and y each, 100 000 times.
  var chromaticities: [UInt32]?
  /// The chunk `sRGB`.
  var renderingIntent: UInt8?
  /// Chunks by their names, whose contents are kept as they are: `cICP`, `mDCV`, `cLLI`.
  var codes: [Code] = []

  /// A chunk of a few bytes.
  struct Code: Equatable, Sendable {
    let name: String
    let contents: [UInt8]
  }

  /// Chunks that are kept as they are, and their lengths.
  static let codeLengths = ["cICP": 4, "mDCV": 24, "cLLI": 8]

  /// Nil if there is no such chunk.
  var nonempty: PNGColorSpace? { self == PNGColorSpace() ? nil : self }

  /// True if the chunks mean sRGB, which is the default of every format.
  var isSRGB: Bool {
    if let code = codes.first(where: { $0.name == "cICP" }) { return code.contents == [1, 13, 0, 1] }
    if renderingIntent != nil { return true }
    let primaries = chromaticities ?? Self.usualChromaticities
    return abs(Int(gamma ?? Self.usualGamma) - Int(Self.usualGamma)) < 1000
      && zip(primaries, Self.usualChromaticities).allSatisfy { abs(Int($0) - Int($1)) < 200 }
  }

  private static let usualGamma: UInt32 = 45_455
  private static let usualChromaticities: [UInt32] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]

  /// The names of the chunks in effect: `cICP` takes precedence over the others.
  var names: String {
    if codes.contains(where: { $0.name == "cICP" }) { return "cICP" }
    let names = (gamma == nil ? [] : ["gAMA"]) + (chromaticities == nil ? [] : ["cHRM"]) + codes.map(\.name)
    return names.joined(separator: ", ")
  }
}

/// The checks of color profiles (ICC.1:2022, section 7.2).
enum ICCProfile {
  /// The minimum size in bytes: the header and the number of tags.
  private static let shortest = 132

  /// True if the bytes are a profile, by its length and signature, for gray (1 channel) or for RGB (3).
  ///
  /// A profile for another color model would make the picture's colors wrong: all files are read as RGB, also gray and
  /// CMYK ones.
  static func describes(channels: Int, _ bytes: [UInt8]) -> Bool {
    guard (shortest...PictureMetadata.maximumItemBytes).contains(bytes.count) else { return false }
    let declaredLength = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
    let colorSpace = channels == 1 ? "GRAY" : "RGB "
    return (shortest...bytes.count).contains(declaredLength)
      && bytes[36..<40].elementsEqual("acsp".utf8)
      && bytes[16..<20].elementsEqual(colorSpace.utf8)
  }
}
