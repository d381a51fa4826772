import Support

/// The kinds of picture file that are read and written.
public enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"

  /// All of them in words, for sentences on what was expected: "JPEG, PNG or WebP".
  package static let list: String = {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }()

  /// Recognizes a format by a file's first bytes; names and extensions play no part.
  ///
  /// - Throws: `Failure` of kind `data` that says what the file seems to be instead.
  init(recognizing bytes: [UInt8], name: String) throws {
    switch FileContent(of: bytes) {
    case .picture(let format): self = format
    case .other(let content):
      throw Failure(
        .data,
        "\(name): expected a \(PictureFormat.list) picture, found \(content.description); \(content.advice)")
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
