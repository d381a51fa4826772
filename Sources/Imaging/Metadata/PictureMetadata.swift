/// The information in a picture file besides the pixels. It is kept for those who write the picture again, and nothing
/// else is done with it: colors are not corrected.
///
/// Other renderings of the picture, such as thumbnails, are no part of it: they would show what was removed. Cut, resized
/// and turned pictures keep all of it, because the colors still mean what the profile says and were taken with the same
/// camera; sizes within the EXIF data describe the picture as it was.
package struct PictureMetadata: Equatable, Sendable {
  /// An ICC profile (ICC.1:2022): what the colors mean. Nil is sRGB, as everywhere.
  package var iccProfile: [UInt8]?
  /// EXIF data as the bare TIFF structure, from the byte order on (CIPA DC-008). What is read has the orientation 1,
  /// because the picture was turned upright already.
  package var exif: [UInt8]?
  /// An XMP packet (ISO 16684-1), in UTF-8.
  package var xmp: [UInt8]?
  package var resolution: Resolution?
  /// The meaning of colors by PNG's own chunks.
  var pngColorSpace: PNGColorSpace?
  /// Names of what else the file has, which is not kept in any format.
  var otherItems: [String] = []

  package init(
    iccProfile: [UInt8]? = nil, exif: [UInt8]? = nil, xmp: [UInt8]? = nil, resolution: Resolution? = nil
  ) {
    self.iccProfile = iccProfile
    self.exif = exif
    self.xmp = xmp
    self.resolution = resolution
  }

  /// Bytes of one item; larger ones are dropped. A profile of this length fits into every format.
  static let largestItem = 16_000_000

  /// The part of it that may be kept with, or written with, so many channels: a profile for these channels, and EXIF
  /// data and XMP that can be understood, of an upright picture and without other renderings of it.
  func fitting(channels: Int) -> PictureMetadata {
    var kept = self
    kept.iccProfile = iccProfile.flatMap { ICCProfile.describes(channels: channels, $0) ? $0 : nil }
    kept.exif = exif.flatMap { ExifData($0)?.sanitized }
    kept.xmp = xmp.flatMap { XMPPacket($0)?.sanitized }
    return kept
  }

  /// All but the profile, which is one for other channels.
  var withoutProfile: PictureMetadata {
    var kept = self
    kept.iccProfile = nil
    return kept
  }

  /// The metadata of the picture once its rows and columns have changed places.
  var transposed: PictureMetadata {
    var kept = self
    kept.resolution = resolution?.transposed
    return kept
  }

  /// The names of what a file of some format cannot say, as in "left out: …".
  ///
  /// - Parameter channels: Those of the picture.
  package func losses(in format: PictureFormat, channels: Int) -> [String] {
    var losses = otherItems
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
    if format != .png, iccProfile == nil, let pngColorSpace, !pngColorSpace.isUsual {
      losses.append("the color space (\(pngColorSpace.names))")
    }
    return losses
  }
}

/// The pixels per length of a picture on paper, or only their proportion.
package struct Resolution: Equatable, Sendable {
  /// The length that pixels are counted on.
  package enum Unit: Sendable {
    /// None: the numbers are those of the pixels' proportion.
    case none, inch, centimeter, meter
  }

  /// Pixels on a unit; at least 1.
  package let horizontal: Int
  package let vertical: Int
  package let unit: Unit

  /// Nil if a number is none, or says nothing: square pixels are usual.
  package init?(horizontal: Int, vertical: Int, unit: Unit) {
    guard horizontal > 0, vertical > 0, unit != .none || horizontal != vertical else { return nil }
    self.horizontal = horizontal
    self.vertical = vertical
    self.unit = unit
  }

  /// The resolution of a picture whose rows and columns have changed places.
  var transposed: Resolution? { Resolution(horizontal: vertical, vertical: horizontal, unit: unit) }

  /// The fields of JFIF (ITU-T T.871, section 10.1): 0 for proportions, 1 for inches, 2 for centimeters. Nil if a number
  /// has more than 16 bits, or is less than a half.
  var jfif: (unit: UInt8, horizontal: UInt16, vertical: UInt16)? {
    let code: UInt8
    let perUnit: Double
    switch unit {
    case .none: (code, perUnit) = (0, 1)
    case .inch: (code, perUnit) = (1, 1)
    case .centimeter: (code, perUnit) = (2, 1)
    // Files of other programs have rounded inches to meters.
    case .meter where horizontal % 100 == 0 && vertical % 100 == 0: (code, perUnit) = (2, 0.01)
    case .meter: (code, perUnit) = (1, 0.0254)
    }
    func rounded(_ value: Int) -> UInt16? { UInt16(exactly: (Double(value) * perUnit).rounded()) }
    guard let x = rounded(horizontal), let y = rounded(vertical), x > 0, y > 0 else { return nil }
    return (code, x, y)
  }

  /// The fields of PNG's chunk `pHYs` (ISO/IEC 15948, section 11.3.5.3): 0 for proportions, 1 for meters.
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

/// The meaning of a PNG file's numbers where no profile gives it, as its chunks say (PNG, third edition, section 11.3.2).
/// Other formats have no such fields.
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

  /// Nothing of it, nil.
  var nonempty: PNGColorSpace? { self == PNGColorSpace() ? nil : self }

  /// Tells that colors look the same without the chunks: they say sRGB, as every format does that says nothing.
  var isUsual: Bool {
    if let code = codes.first(where: { $0.name == "cICP" }) { return code.contents == [1, 13, 0, 1] }
    if renderingIntent != nil { return true }
    let primaries = chromaticities ?? Self.usualChromaticities
    return abs(Int(gamma ?? Self.usualGamma) - Int(Self.usualGamma)) < 1000
      && zip(primaries, Self.usualChromaticities).allSatisfy { abs(Int($0) - Int($1)) < 200 }
  }

  private static let usualGamma: UInt32 = 45_455
  private static let usualChromaticities: [UInt32] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]

  /// The names of the chunks that matter: `cICP` stands above the others.
  var names: String {
    if codes.contains(where: { $0.name == "cICP" }) { return "cICP" }
    let names = (gamma == nil ? [] : ["gAMA"]) + (chromaticities == nil ? [] : ["cHRM"]) + codes.map(\.name)
    return names.joined(separator: ", ")
  }
}

/// The few things of color profiles that matter here (ICC.1:2022, section 7.2).
enum ICCProfile {
  /// The header and the number of tags.
  private static let shortest = 132

  /// True if the bytes are a profile, by its length and signature, for gray (1 channel) or for RGB (3).
  ///
  /// A profile for other colors than the picture's makes its colors wrong wherever it is shown: files are read as RGB,
  /// those for gray or inks too.
  static func describes(channels: Int, _ bytes: [UInt8]) -> Bool {
    guard (shortest...PictureMetadata.largestItem).contains(bytes.count) else { return false }
    let declaredLength = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
    let colorSpace = channels == 1 ? "GRAY" : "RGB "
    return (shortest...bytes.count).contains(declaredLength)
      && bytes[36..<40].elementsEqual("acsp".utf8)
      && bytes[16..<20].elementsEqual(colorSpace.utf8)
  }
}
