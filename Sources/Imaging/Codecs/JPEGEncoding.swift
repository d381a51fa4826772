import CImageCodecs
import Foundation
import Support

extension Picture {
  /// The picture as a JPEG file, grey or YCbCr, with its metadata. The same picture gives the same bytes.
  ///
  /// JPEG has no opacities: `alpha` is left out, and colours are written as they are, also where nothing of them was to be
  /// seen. EXIF data of more than 65 527 bytes is left out too. Below quality 90 colours are stored at half resolution, as
  /// is usual.
  ///
  /// - Parameter quality: 1 (small) to 100 (nearly without loss).
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than JPEG allows (65 500), `internalError` if there is no
  ///   memory.
  package func jpegData(quality: Int = 95) throws -> [UInt8] {
    precondition(channels == 1 || channels == 3, "Picture.jpegData: expected 1 or 3 channels, found \(channels)")
    precondition((1...100).contains(quality), "Picture.jpegData: expected a quality of 1 to 100, found \(quality)")
    let longestSide = 65_500
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "A picture of \(width)x\(height) cannot be written as JPEG: expected sides of at most \(longestSide); write it as PNG"
      )
    }

    var reason = jpeg_codec_reason()
    var bytes: UnsafeMutablePointer<UInt8>?
    var length: UInt = 0
    defer { free(bytes) }
    let succeeded = jpeg_codec_encode(
      pixels, UInt32(width), UInt32(height), Int32(channels), Int32(quality), quality < 90, &bytes, &length, &reason)
    guard succeeded, let bytes else {
      throw Failure(
        .internalError, "A picture of \(width)x\(height) cannot be written as JPEG: \(reason.damage.reason)")
    }
    return Self.inserting(
      metadata.fitting(channels: channels).jpegSegments,
      into: [UInt8](UnsafeBufferPointer(start: bytes, count: Int(length))))
  }

  /// Puts segments behind the first one, JFIF's, which wants to be the first.
  private static func inserting(_ segments: [UInt8], into file: [UInt8]) -> [UInt8] {
    if segments.isEmpty { return file }
    let end = 4 + Int(file[4]) << 8 + Int(file[5])
    return file[..<end] + segments + file[end...]
  }
}
