import CImageCodecs

/// Baseline and progressive JPEG by libjpeg: gray, YCbCr, RGB, CMYK and YCCK.
final class JPEGDecoder: PictureDecoder {
  let format = PictureFormat.jpeg
  let bitsPerSample = 8
  let hasAlpha = false
  var isGray: Bool { header.is_gray }
  var isCMYK: Bool { header.is_cmyk }
  var extraBytes: Int { header.coefficient_bytes + (header.is_cmyk ? storedWidth * storedHeight : 0) }
  let metadata: PictureMetadata
  private let bytes: UnsafeBufferPointer<UInt8>
  private let header: jpeg_codec_header

  var storedWidth: Int { Int(header.width) }
  var storedHeight: Int { Int(header.height) }

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
    var header = jpeg_codec_header()
    var reason = jpeg_codec_reason()
    guard jpeg_codec_read_header(bytes.baseAddress, bytes.count, &header, &reason) else { throw reason.damage }
    self.bytes = bytes
    self.header = header
    metadata = PictureMetadata(ofJPEG: bytes)
  }

  func decode(keepsGray: Bool) throws(Damage) -> Picture {
    let channels = header.is_cmyk ? 4 : header.is_gray && keepsGray ? 1 : 3
    let count = storedWidth * storedHeight * channels
    var succeeded = false
    var reason = jpeg_codec_reason()
    var samples = [UInt8](unsafeUninitializedCapacity: count) { samples, initializedCount in
      succeeded = jpeg_codec_decode(bytes.baseAddress, bytes.count, Int32(channels), samples.baseAddress, &reason)
      initializedCount = succeeded ? count : 0
    }
    guard succeeded else { throw reason.damage }
    if header.is_cmyk { Self.convertToRGB(inks: &samples) }
    return Picture(width: storedWidth, height: storedHeight, channels: channels == 1 ? 1 : 3, pixels: samples)
  }

  /// Multiplies what each ink leaves of white with what black leaves.
  ///
  /// Inks are stored inverted, 0 for full ink, as Adobe's programs do, whether the file has their marker (APP14) or not:
  /// so do Pillow and most others read it, and nearly all files without the marker are meant so.
  private static func convertToRGB(inks: inout [UInt8]) {
    let pixelCount = inks.count / 4
    inks.withUnsafeMutableBufferPointer { values in
      // Pixels become shorter, so that none is overwritten before it is read.
      for pixel in 0..<pixelCount {
        let black = Int(values[4 * pixel + 3])
        for channel in 0..<3 {
          values[3 * pixel + channel] = UInt8((Int(values[4 * pixel + channel]) * black + 127) / 255)
        }
      }
    }
    inks.removeLast(pixelCount)
  }
}

extension jpeg_codec_reason {
  /// The library's words.
  var damage: Damage {
    Damage(withUnsafeBytes(of: text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}
