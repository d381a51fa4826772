/// Something outside the program is not as it should be: a file, an argument, a configuration, the disk.
///
/// Programmer errors are no failures; they trap.
public struct Failure: Error, Equatable, CustomStringConvertible {
  /// The part of the world that is at fault.
  public enum Kind: Sendable {
    /// An argument that cannot be used.
    case usage
    /// Data that was read but cannot be used: a damaged picture, an empty folder, a file of another format.
    case data
    /// A file or folder that was named and does not exist.
    case missingInput
    /// A fault of ours.
    case internalError
    /// The run or the output exists already.
    case exists
    /// Reading or writing failed: permission, a full disk, an unreadable device.
    case inputOutput
    /// A configuration with an unknown key, a wrong type or a value out of range.
    case configuration
  }

  public let kind: Kind
  /// Place, colon, what is wrong, what was expected.
  package let sentence: Sentence

  package init(_ kind: Kind, sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }

  /// A failure whose sentence names no settings.
  package init(_ kind: Kind, _ message: String) {
    self.init(kind, sentence: Sentence(message))
  }

  /// The sentence as a program reads it; sentences that were not made to stand alone have no full stop.
  package var message: String { sentence.text() }
  public var description: String { line() }

  /// The sentence by itself, with its full stop, for people: bytes of paths that are no UTF-8 are shown as `\xE9`.
  package func line(_ spelling: Setting.Spelling = { $0.inProgram }) -> String {
    let text = sentence.text(spelling).showingPathBytes
    return text.hasSuffix(".") || text.hasSuffix("?") ? text : text + "."
  }

  /// The same failure at a place that whoever threw it did not know.
  package func at(_ place: String) -> Failure { Failure(kind, sentence: "\(place): \(sentence)") }
}
