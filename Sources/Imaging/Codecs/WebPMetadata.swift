import CImageCodecs

/// Metadata in a WebP file: the chunks `ICCP`, in front of the pixels, `EXIF` and `XMP `, behind them (RFC 9649, section
/// 2.7.1.4).
extension PictureMetadata {
  /// The metadata of a file, unchecked; none if its chunks make no sense.
  ///
  /// - Throws: `Damage` if the file promises EXIF data and ends before it.
  init(ofWebP bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
    self.init()
    var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
    var state = WEBP_DEMUX_PARSE_ERROR
    guard let chunks = WebPDemuxPartial(&data, &state) else { return }
    defer { WebPDemuxDelete(chunks) }
    guard state == WEBP_DEMUX_PARSED_HEADER || state == WEBP_DEMUX_DONE else { return }
    let flags = WebPDemuxGetI(chunks, WEBP_FF_FORMAT_FLAGS)
    if flags & ICCP_FLAG.rawValue != 0 { iccProfile = Self.chunk("ICCP", of: chunks) }
    if flags & EXIF_FLAG.rawValue != 0 {
      guard state == WEBP_DEMUX_DONE else { throw Damage("it ends before its EXIF data") }
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

  /// The file with this metadata put in; nil if there is no memory for it. A resolution goes into EXIF data of its own, if
  /// there are no others.
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
