import Support

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
