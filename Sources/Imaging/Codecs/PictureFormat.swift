import Support

/// The kinds of picture file that are read and written.
public enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"

  /// Recognises a format by a file's first bytes; names and extensions play no part.
  ///
  /// - Throws: `Failure` of kind `data` that says what the file seems to be instead.
  init(recognising bytes: [UInt8], name: String) throws {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else {
      let found = ForeignContent.description(of: bytes)
      throw Failure(
        .data,
        "\(name): expected a JPEG, PNG or WebP picture, found \(found); convert the file to PNG or leave it out")
    }
  }

  /// The decoder of the format, with the file's header read; it must not outlive `bytes`.
  func decoder(of bytes: UnsafeBufferPointer<UInt8>) throws(Damage) -> any PictureDecoder {
    switch self {
    case .jpeg: try JPEGDecoder(bytes)
    case .png: try PNGDecoder(bytes)
    case .webp: try WebPDecoder(bytes)
    }
  }
}

/// Guesses what a file is that cannot be read, so that the error helps.
private enum ForeignContent {
  /// What is found at which offset, in the order of asking.
  private static let signatures: [(offset: Int, bytes: String, description: String)] = [
    (0, "GIF8", "a GIF picture"),
    (0, "BM", "a BMP picture"),
    (0, "II*\0", "a TIFF picture"),
    (0, "MM\0*", "a TIFF picture"),
    (4, "ftyphei", "a HEIC picture"),
    (4, "ftyphev", "a HEIC picture"),
    (4, "ftypmif1", "a HEIC picture"),
    (4, "ftypavi", "an AVIF picture"),
    (4, "ftyp", "a film"),
    (4, "JXL ", "a JPEG XL picture"),
    (4, "jP  ", "a JPEG 2000 picture"),
    (0, "8BPS", "a Photoshop document"),
    (0, "%PDF", "a PDF document"),
    (0, "PK\u{3}\u{4}", "a ZIP archive"),
    (0, "version https://git-lfs", "a Git LFS pointer (run git lfs pull)"),
  ]

  /// A few words that follow "found".
  static func description(of bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    for signature in signatures where bytes.dropFirst(signature.offset).starts(with: signature.bytes.utf8) {
      return signature.description
    }
    if bytes.starts(with: [0xFF, 0x0A]) { return "a JPEG XL picture" }
    if bytes.allSatisfy({ $0 == 0 }) { return "nothing but zeros" }
    let isText = bytes.prefix(512).allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    return isText ? "text" : "an unknown format"
  }
}
