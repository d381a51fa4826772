import Support

extension Picture {
  /// Reads a JPEG, PNG or WebP file as red, green and blue, upright.
  ///
  /// Every color type and depth is accepted: gray and palettes become RGB, CMYK is converted without a profile, 16 bits
  /// are rounded to 8 (`PictureHeader.bitsPerSample` tells), a transparent color or an opacity channel goes into `alpha`.
  /// Colors are not corrected, as data sets expect: gamma is ignored, color profiles go into `metadata` if they are for
  /// these channels. Damaged metadata is dropped, and so are thumbnails.
  ///
  /// - Parameters:
  ///   - keepsGray: Gives the pictures of gray files one channel.
  ///   - maxMegapixels: The most millions of pixels that are accepted; larger pictures are refused before anything is
  ///     allocated for them.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged or cut short, or too large.
  public init(contentsOfFile path: String, keepsGray: Bool = false, maxMegapixels: Int = 100) throws {
    let stored = try Self.stored(inFile: path, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// Decodes the bytes of a JPEG, PNG or WebP file, as `init(contentsOfFile:)` does.
  ///
  /// - Parameters:
  ///   - name: What error messages call the bytes.
  ///   - keepsGray, maxMegapixels: As of `init(contentsOfFile:)`.
  /// - Throws: `Failure` of kind `data`.
  public init(
    decoding bytes: [UInt8], name: String = "the picture", keepsGray: Bool = false, maxMegapixels: Int = 100
  ) throws {
    let stored = try Self.stored(in: bytes, name: name, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// The picture as a file has it. The file's bytes are gone when this returns.
  private static func stored(
    inFile path: String, keepsGray: Bool, maxMegapixels: Int
  ) throws -> (picture: Picture, orientation: Orientation) {
    var file = try PictureFile(path: path)
    try file.read(upTo: PictureFile.usualHeaderLength)
    // Asked before the rest is read: somebody may have named a film.
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
    } catch let damage as Damage {
      throw damage.failure(format, name: name)
    }
  }
}

/// The reading half of a codec: the header at once, the pixels on demand.
protocol PictureDecoder: AnyObject {
  /// Reads the header. The bytes may be only the beginning of a file, as long as the header is whole; they must outlive
  /// the decoder.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage)

  var format: PictureFormat { get }
  /// The size as stored, before the orientation is applied.
  var storedWidth: Int { get }
  var storedHeight: Int { get }
  /// Of a color channel, before it was rounded to 8.
  var bitsPerSample: Int { get }
  /// Tells that the file has one channel of brightness, beside opacities.
  var isGray: Bool { get }
  /// Tells that the file has opacities, or a color that is transparent.
  var hasAlpha: Bool { get }
  /// Tells that the file has amounts of ink in place of colors.
  var isCMYK: Bool { get }
  /// The bytes that decoding takes beside the file and the picture.
  var extraBytes: Int { get }
  /// As the file has it, unchecked. What is behind the pixels may be missing before they are decoded, but nothing that
  /// decides how the picture must be turned.
  var metadata: PictureMetadata { get }

  /// The picture as stored, without metadata; its size must have been checked. Works once.
  ///
  /// - Parameter keepsGray: One channel for a gray file; 3 without it, and for all others.
  func decode(keepsGray: Bool) throws(Damage) -> Picture
}

extension PictureDecoder {
  var isGray: Bool { false }
  var isCMYK: Bool { false }
}

/// The reason why bytes could not be decoded, before anybody knows which file they came from.
struct Damage: Error {
  /// A few words, such as the library's own.
  let reason: String
  /// The remedy, as a clause.
  let advice: String

  init(_ reason: String, advice: String = "replace the file or leave it out") {
    self.reason = reason
    self.advice = advice
  }

  /// The sentence for the person at the terminal.
  func failure(_ format: PictureFormat, name: String) -> Failure {
    Failure(
      .data, "\(name): the \(format.rawValue) picture cannot be decoded (\(reason)); \(advice)")
  }
}

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
