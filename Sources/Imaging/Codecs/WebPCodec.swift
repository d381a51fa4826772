import CImageCodecs
import Support

/// WebP by libwebp: lossy or lossless, with or without alpha; still pictures only.
final class WebPDecoder: PictureDecoder {
  let format = PictureFormat.webp
  let bitsPerSample = 8
  let metadata: PictureMetadata
  private let bytes: UnsafeBufferPointer<UInt8>
  private var features = WebPBitstreamFeatures()

  var storedWidth: Int { Int(features.width) }
  var storedHeight: Int { Int(features.height) }
  var hasAlpha: Bool { features.has_alpha != 0 }
  /// Four bytes a pixel for a lossless picture, and four more where alpha must be separated.
  var extraBytes: Int {
    let isLossless = features.format == 2
    return storedWidth * storedHeight * ((isLossless ? 4 : 0) + (hasAlpha ? 4 : 0))
  }

  /// - Throws: `CodecError`, also if the file is an animation, as none of its frames is the picture.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) {
    self.bytes = bytes
    metadata = try PictureMetadata(ofWebP: bytes)
    try Self.check(WebPGetFeatures(bytes.baseAddress, bytes.count, &features))
    guard features.has_animation == 0 else {
      throw CodecError("it is an animation", advice: "save one of its frames as a picture, or leave it out")
    }
  }

  /// Decodes RGB, or RGBA if the file has alpha, directly into the memory of an array.
  func decode(keepsGray: Bool) throws(CodecError) -> Picture {
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

  /// - Throws: `CodecError` with a message, which the library does not provide, unless the status is success.
  private static func check(_ status: VP8StatusCode) throws(CodecError) {
    switch status {
    case VP8_STATUS_OK: return
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED: throw CodecError("it ends too early")
    case VP8_STATUS_OUT_OF_MEMORY: throw CodecError("no memory for the decoder")
    case VP8_STATUS_UNSUPPORTED_FEATURE: throw CodecError("it uses something that libwebp does not know")
    case VP8_STATUS_BITSTREAM_ERROR: throw CodecError("its data contradicts itself")
    default: throw CodecError("libwebp's status \(status.rawValue)")
    }
  }
}

extension Picture {
  /// The picture as a WebP file in RGB, with alpha if there is any, and with its metadata. The same picture gives the
  /// same bytes.
  ///
  /// WebP has no grayscale, so that gray becomes RGB. An alpha channel of nothing but 255 is not stored.
  ///
  /// - Parameter quality: 1 (small) to 100 for lossy colors with subsampled chroma (4:2:0); alpha stays lossless. Nil
  ///   is lossless.
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than WebP allows (16 383) or there are too many details for
  ///   lossy WebP, `internalError` if there is no memory.
  package func webpData(quality: Int? = nil) throws -> [UInt8] {
    precondition(channels == 1 || channels == 3, "Picture.webpData: expected 1 or 3 channels, found \(channels)")
    precondition(
      quality.map { (1...100).contains($0) } ?? true,
      "Picture.webpData: expected a quality of 1 to 100, found \(quality ?? 0)")
    let longestSide = Int(WEBP_MAX_DIMENSION)
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "a picture of \(width)x\(height) cannot be written as WebP, expected sides of at most \(longestSide); write it as PNG"
      )
    }
    let picture = rgb()
    let encoded = try picture.encoded(quality: quality)
    guard let file = picture.metadata.fitting(channels: 3).added(toWebP: encoded) else {
      throw failure("no memory for its metadata")
    }
    return file
  }

  private func failure(_ reason: String) -> Failure {
    Failure(.internalError, "a picture of \(width)x\(height) cannot be written as WebP (\(reason))")
  }

  /// The file without metadata.
  private func encoded(quality: Int?) throws -> [UInt8] {
    var configuration = WebPConfig()
    var picture = WebPPicture()
    guard WebPConfigInit(&configuration) != 0, WebPPictureInit(&picture) != 0 else {
      throw failure("libwebp has another version than its headers")
    }
    if let quality {
      configuration.quality = Float(quality)
    } else {
      // In lossless mode quality is effort: more than this doubles the time and saves hardly a byte. `exact` keeps the
      // colors of transparent pixels.
      configuration.lossless = 1
      configuration.quality = 50
      configuration.exact = 1
      picture.use_argb = 1
    }
    picture.width = Int32(width)
    picture.height = Int32(height)
    defer { WebPPictureFree(&picture) }
    let stride = Int32(width * (alpha == nil ? 3 : 4))
    let samples = pixelsWithAlpha()
    let isImported =
      alpha == nil ? WebPPictureImportRGB(&picture, samples, stride) : WebPPictureImportRGBA(&picture, samples, stride)
    guard isImported != 0 else { throw failure("no memory for the encoder") }

    var writer = WebPMemoryWriter()
    WebPMemoryWriterInit(&writer)
    defer { WebPMemoryWriterClear(&writer) }
    return try withUnsafeMutablePointer(to: &writer) { writer in
      picture.writer = WebPMemoryWrite
      picture.custom_ptr = UnsafeMutableRawPointer(writer)
      if WebPEncode(&configuration, &picture) == 0 {
        guard picture.error_code == VP8_ENC_ERROR_PARTITION0_OVERFLOW else {
          throw failure("libwebp's error \(picture.error_code.rawValue), probably for want of memory")
        }
        throw Failure(
          .data,
          "a picture of \(width)x\(height) cannot be written as WebP, as it has too many details for lossy WebP; "
            + "write it without loss or with a lower quality than \(quality ?? 100)")
      }
      return [UInt8](UnsafeBufferPointer(start: writer.pointee.mem, count: writer.pointee.size))
    }
  }
}

/// Metadata in a WebP file: the chunks `ICCP`, before the pixels, `EXIF` and `XMP `, after them (RFC 9649, section
/// 2.7.1.4).
extension PictureMetadata {
  /// The metadata of a file, unchecked; none if its chunks are malformed.
  ///
  /// - Throws: `CodecError` if the file announces EXIF data and ends before it.
  init(ofWebP bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) {
    self.init()
    var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
    var state = WEBP_DEMUX_PARSE_ERROR
    guard let chunks = WebPDemuxPartial(&data, &state) else { return }
    defer { WebPDemuxDelete(chunks) }
    guard state == WEBP_DEMUX_PARSED_HEADER || state == WEBP_DEMUX_DONE else { return }
    let flags = WebPDemuxGetI(chunks, WEBP_FF_FORMAT_FLAGS)
    if flags & ICCP_FLAG.rawValue != 0 { iccProfile = Self.chunk("ICCP", of: chunks) }
    if flags & EXIF_FLAG.rawValue != 0 {
      guard state == WEBP_DEMUX_DONE else { throw CodecError("it ends before its EXIF data") }
      exif = Self.chunk("EXIF", of: chunks)
    }
    if flags & XMP_FLAG.rawValue != 0, state == WEBP_DEMUX_DONE { xmp = Self.chunk("XMP ", of: chunks) }
  }

  /// The first chunk of that name.
  private static func chunk(_ name: String, of chunks: OpaquePointer) -> [UInt8]? {
    var iterator = WebPChunkIterator()
    guard WebPDemuxGetChunk(chunks, name, 1, &iterator) != 0 else { return nil }
    defer { WebPDemuxReleaseChunkIterator(&iterator) }
    return [UInt8](UnsafeBufferPointer(start: iterator.chunk.bytes, count: iterator.chunk.size))
  }

  /// The file with this metadata inserted; nil if there is no memory for it. A resolution is stored as EXIF data if
  /// there is none.
  func added(toWebP file: [UInt8]) -> [UInt8]? {
    let exif = exif ?? resolution.map { ExifData.describing($0) }
    guard iccProfile != nil || exif != nil || xmp != nil else { return file }
    guard let container = WebPMuxNew() else { return nil }
    defer { WebPMuxDelete(container) }
    var result = WEBP_MUX_OK
    file.withUnsafeBufferPointer { file in
      var picture = WebPData(bytes: file.baseAddress, size: file.count)
      result = WebPMuxSetImage(container, &picture, 1)
    }
    for (name, bytes) in [("ICCP", iccProfile), ("EXIF", exif), ("XMP ", xmp)] {
      guard let bytes, result == WEBP_MUX_OK else { continue }
      bytes.withUnsafeBufferPointer { bytes in
        var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
        result = WebPMuxSetChunk(container, name, &data, 1)
      }
    }
    var assembled = WebPData()
    defer { WebPDataClear(&assembled) }
    guard result == WEBP_MUX_OK, WebPMuxAssemble(container, &assembled) == WEBP_MUX_OK else { return nil }
    return [UInt8](UnsafeBufferPointer(start: assembled.bytes, count: assembled.size))
  }
}
