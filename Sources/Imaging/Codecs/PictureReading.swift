import Support

extension Picture {
  /// Reads a JPEG, PNG or WebP file as red, green and blue, upright.
  ///
  /// Every color type and depth is accepted: gray and palettes become RGB, CMYK is converted without a profile, 16 bits
  /// are rounded to 8 (`PictureHeader.bitsPerSample` tells), a transparent color or an alpha channel goes into `alpha`.
  /// There is no color management, as data sets expect: gamma is ignored, and color profiles go into `metadata` if they
  /// are for these channels. Damaged metadata is dropped, and so are thumbnails.
  ///
  /// - Parameters:
  ///   - keepsGray: Reads grayscale files with one channel.
  ///   - maxMegapixels: The maximum number of megapixels; larger pictures are refused before anything is allocated for
  ///     them.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged or cut short, or too large.
  public init(contentsOfFile path: String, keepsGray: Bool = false, maxMegapixels: Int = 100) throws {
    let stored = try Self.stored(inFile: path, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// Decodes the bytes of a JPEG, PNG or WebP file, as `init(contentsOfFile:)` does.
  ///
  /// - Parameters:
  ///   - name: The name of the bytes in messages.
  ///   - keepsGray, maxMegapixels: As in `init(contentsOfFile:)`.
  /// - Throws: `Failure` of kind `data`.
  public init(
    decoding bytes: [UInt8], name: String = "the picture", keepsGray: Bool = false, maxMegapixels: Int = 100
  ) throws {
    let stored = try Self.stored(in: bytes, name: name, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// The picture as stored in a file. The file's bytes are released on return.
  private static func stored(
    inFile path: String, keepsGray: Bool, maxMegapixels: Int
  ) throws -> (picture: Picture, orientation: Orientation) {
    var file = try PictureFile(path: path)
    try file.read(upTo: PictureFile.usualHeaderLength)
    // Checked before the rest is read: the file may be a film.
    _ = try PictureFormat(recognizing: file.bytes, name: path)
    try file.readToEnd(maxMegapixels: maxMegapixels)
    return try stored(in: file.bytes, name: path, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
  }

  private static func stored(
    in bytes: [UInt8], name: String, keepsGray: Bool, maxMegapixels: Int
  ) throws -> (picture: Picture, orientation: Orientation) {
    let format = try PictureFormat(recognizing: bytes, name: name)
    do {
      return try bytes.withUnsafeBufferPointer { bytes in
        let decoder = try format.decoder(of: bytes)
        let header = try PictureHeader(of: decoder, name: name, maxMegapixels: maxMegapixels)
        var picture = try decoder.decode(keepsGray: keepsGray)
        picture.metadata = decoder.metadata.fitting(channels: picture.channels)
        return (picture, header.orientation)
      }
    } catch let damage as CodecError {
      throw damage.failure(format, name: name)
    }
  }
}

/// A decoder, which reads the header at once and the pixels on demand.
protocol PictureDecoder: AnyObject {
  /// Reads the header. The bytes may be only the beginning of a file, as long as the header is whole; they must outlive
  /// the decoder.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(CodecError)

  var format: PictureFormat { get }
  /// The size as stored, before the orientation is applied.
  var storedWidth: Int { get }
  var storedHeight: Int { get }
  /// The bits of a color channel in the file.
  var bitsPerSample: Int { get }
  /// True if the file is grayscale, with or without alpha.
  var isGray: Bool { get }
  /// True if the file has an alpha channel or a transparent color.
  var hasAlpha: Bool { get }
  /// True if the file is CMYK.
  var isCMYK: Bool { get }
  /// The memory in bytes that decoding takes besides the file and the picture.
  var extraBytes: Int { get }
  /// The metadata as stored, unchecked. What comes after the pixels may be missing before they are decoded, except for
  /// the orientation.
  var metadata: PictureMetadata { get }

  /// The picture as stored, without metadata; its size must have been checked. May be called once.
  ///
  /// - Parameter keepsGray: One channel for a grayscale file; 3 without it, and for all others.
  func decode(keepsGray: Bool) throws(CodecError) -> Picture
}

extension PictureDecoder {
  var isGray: Bool { false }
  var isCMYK: Bool { false }
}

/// The reason why bytes cannot be decoded, thrown where the file's name is not known.
struct CodecError: Error {
  /// A short reason, such as the library's message.
  let reason: String
  /// The remedy, as a clause.
  let advice: String

  init(_ reason: String, advice: String = "replace the file or leave it out") {
    self.reason = reason
    self.advice = advice
  }

  /// The failure with the format and the file's name.
  func failure(_ format: PictureFormat, name: String) -> Failure {
    Failure(
      .data, "\(name): the \(format.rawValue) picture cannot be decoded (\(reason)); \(advice)")
  }
}

/// The picture formats that are read and written.
public enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"

  /// All formats in words, for messages: "JPEG, PNG or WebP".
  package static let list: String = {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }()

  /// Recognizes a format by a file's first bytes; names and extensions are ignored.
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
  func decoder(of bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) -> any PictureDecoder {
    switch self {
    case .jpeg: try JPEGDecoder(bytes)
    case .png: try PNGDecoder(bytes)
    case .webp: try WebPDecoder(bytes)
    }
  }
}
