/// What a picture file says about its picture besides the pixels. It is kept for those who write the picture again, and
/// nothing else is done with it: colours are not corrected.
///
/// Cut, resized and turned pictures keep all of it, because the colours still mean what the profile says and were taken
/// with the same camera; sizes and a thumbnail within the EXIF data describe the picture as it was.
package struct PictureMetadata: Equatable, Sendable {
  /// An ICC profile (ICC.1:2022): what the colours mean. Nil is sRGB, as everywhere.
  package var iccProfile: [UInt8]?
  /// EXIF data as the bare TIFF structure, from the byte order on (CIPA DC-008). What is read has the orientation 1,
  /// because the picture was turned upright already.
  package var exif: [UInt8]?

  package init(iccProfile: [UInt8]? = nil, exif: [UInt8]? = nil) {
    self.iccProfile = iccProfile
    self.exif = exif
  }

  /// Bytes of one item; larger ones are dropped. A profile of this length fits into every format.
  static let largestItem = 16_000_000

  /// What of it may be kept with, or written with, so many channels: a profile for these channels, and EXIF data that can
  /// be understood, with the orientation 1.
  func fitting(channels: Int) -> PictureMetadata {
    PictureMetadata(
      iccProfile: iccProfile.flatMap { ICCProfile.describes(channels: channels, $0) ? $0 : nil },
      exif: exif.flatMap { ExifData($0)?.upright })
  }
}
