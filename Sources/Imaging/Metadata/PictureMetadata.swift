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
