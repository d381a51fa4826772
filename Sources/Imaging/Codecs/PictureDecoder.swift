import Tensors

/// What a codec must offer: the header at once, the pixels on demand.
protocol PictureDecoder: AnyObject {
  /// Reads the header. The bytes may be only the beginning of a file, as long as the header is whole; they must outlive
  /// the decoder.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage)

  var format: PictureFormat { get }
  /// The size as stored, before the orientation is applied.
  var storedWidth: Int { get }
  var storedHeight: Int { get }
  var orientation: Orientation { get }

  /// The picture as stored, with 3 channels; its size must have been checked. Works once.
  func decode() throws(Damage) -> Picture
}

/// Why bytes could not be decoded, before anybody knows which file they came from.
struct Damage: Error {
  /// A few words, such as the library's own.
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  /// The sentence for the person at the terminal.
  func failure(_ format: PictureFormat, name: String) -> Failure {
    Failure(
      .data, "\(name): the \(format.rawValue) picture cannot be decoded (\(reason)); replace the file or leave it out")
  }
}
