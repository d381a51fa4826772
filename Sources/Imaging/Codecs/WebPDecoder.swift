import CImageCodecs

/// WebP by libwebp: lossy, lossless, with opacities or without; a still picture.
final class WebPDecoder: PictureDecoder {
  let format = PictureFormat.webp
  let bitsPerSample = 8
  let metadata: PictureMetadata
  private let bytes: UnsafeBufferPointer<UInt8>
  private var features = WebPBitstreamFeatures()

  var storedWidth: Int { Int(features.width) }
  var storedHeight: Int { Int(features.height) }
  var hasAlpha: Bool { features.has_alpha != 0 }
  /// Four bytes a pixel of a lossless picture, and as many of one whose opacities are to be parted.
  var extraBytes: Int {
    let isLossless = features.format == 2
    return storedWidth * storedHeight * ((isLossless ? 4 : 0) + (hasAlpha ? 4 : 0))
  }

  /// - Throws: `Damage` also if the file is an animation: which of its frames is the picture, nobody can say.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
    self.bytes = bytes
    metadata = try PictureMetadata(ofWebP: bytes)
    try Self.check(WebPGetFeatures(bytes.baseAddress, bytes.count, &features))
    guard features.has_animation == 0 else {
      throw Damage("it is an animation", advice: "save one of its frames as a picture, or leave it out")
    }
  }

  /// Three values a pixel, or four if the file has opacities, straight into the memory of an array.
  func decode(keepsGray: Bool) throws(Damage) -> Picture {
    let stride = storedWidth * (hasAlpha ? 4 : 3)
    let count = storedHeight * stride
    var status = VP8_STATUS_OK
    let samples = [UInt8](unsafeUninitializedCapacity: count) { samples, initializedCount in
      var configuration = WebPDecoderConfig()
      guard WebPInitDecoderConfig(&configuration) != 0 else {
        status = VP8_STATUS_INVALID_PARAM
        return
      }
      configuration.output.colorspace = hasAlpha ? MODE_RGBA : MODE_RGB
      configuration.output.is_external_memory = 1
      configuration.output.u.RGBA.rgba = samples.baseAddress
      configuration.output.u.RGBA.stride = Int32(stride)
      configuration.output.u.RGBA.size = count
      status = WebPDecode(bytes.baseAddress, bytes.count, &configuration)
      initializedCount = status == VP8_STATUS_OK ? count : 0
    }
    try Self.check(status)
    if hasAlpha { return Picture(width: storedWidth, height: storedHeight, rgba: samples) }
    return Picture(width: storedWidth, height: storedHeight, channels: 3, pixels: samples)
  }

  /// - Throws: `Damage` in words, which the library has none of, unless the status is success.
  private static func check(_ status: VP8StatusCode) throws(Damage) {
    switch status {
    case VP8_STATUS_OK: return
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED: throw Damage("it ends too early")
    case VP8_STATUS_OUT_OF_MEMORY: throw Damage("no memory for the decoder")
    case VP8_STATUS_UNSUPPORTED_FEATURE: throw Damage("it uses something that libwebp does not know")
    case VP8_STATUS_BITSTREAM_ERROR: throw Damage("its data contradicts itself")
    default: throw Damage("libwebp's status \(status.rawValue)")
    }
  }
}
