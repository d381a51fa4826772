import CImageCodecs

/// Baseline and progressive JPEG by libjpeg: grey, YCbCr, RGB, CMYK and YCCK.
final class JPEGDecoder: PictureDecoder {
  let format = PictureFormat.jpeg
  let bitsPerSample = 8
  var isCMYK: Bool { header.is_cmyk }
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

  func decode() throws(Damage) -> Picture {
    let count = storedWidth * storedHeight * (header.is_cmyk ? 4 : 3)
    var succeeded = false
    var reason = jpeg_codec_reason()
    let samples = [UInt8](unsafeUninitializedCapacity: count) { samples, initialisedCount in
      succeeded = jpeg_codec_decode(bytes.baseAddress, bytes.count, samples.baseAddress, &reason)
      initialisedCount = succeeded ? count : 0
    }
    guard succeeded else { throw reason.damage }
    return Picture(
      width: storedWidth, height: storedHeight, channels: 3,
      pixels: header.is_cmyk ? Self.rgb(inks: samples, areInverted: header.has_adobe_marker) : samples)
  }

  /// Multiplies what each ink leaves of white with what black leaves.
  ///
  /// - Parameter areInverted: Whether 0 is full ink. Adobe's programs store inks so, and those that write Adobe's marker
  ///   (APP14) follow them; without it 255 is full ink.
  private static func rgb(inks: [UInt8], areInverted: Bool) -> [UInt8] {
    let pixelCount = inks.count / 4
    let inversion: UInt8 = areInverted ? 0 : 255
    return [UInt8](unsafeUninitializedCapacity: pixelCount * 3) { colours, initialisedCount in
      inks.withUnsafeBufferPointer { inks in
        for pixel in 0..<pixelCount {
          let black = Int(inks[4 * pixel + 3] ^ inversion)
          for channel in 0..<3 {
            colours[3 * pixel + channel] = UInt8((Int(inks[4 * pixel + channel] ^ inversion) * black + 127) / 255)
          }
        }
      }
      initialisedCount = pixelCount * 3
    }
  }
}

extension jpeg_codec_reason {
  /// The library's words.
  var damage: Damage {
    Damage(withUnsafeBytes(of: text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}
