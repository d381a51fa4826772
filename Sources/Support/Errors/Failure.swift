/// An error outside the program: in a file, an argument, a configuration or on the disk.
///
/// Programmer errors are not failures; they trap.
public struct Failure: Error, Equatable, CustomStringConvertible {
  /// The category of a failure, which commands map to an exit code.
  public enum Kind: Sendable {
    /// An argument that cannot be used.
    case usage
    /// Data that was read but cannot be used: a damaged picture, an empty folder, a file of another format.
    case data
    /// A file or folder that was named and does not exist.
    case missingInput
    /// A bug of this package.
    case internalError
    /// The run or the output exists already.
    case exists
    /// Reading or writing failed: permission, a full disk, an unreadable device.
    case inputOutput
    /// A configuration with an unknown key, a wrong type or a value out of range.
    case configuration
  }

  public let kind: Kind
  /// The message: place, colon, what is wrong, what was expected.
  package let sentence: Sentence

  package init(_ kind: Kind, sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }

  /// A failure whose sentence names no settings.
  package init(_ kind: Kind, _ message: String) {
    self.init(kind, sentence: Sentence(message))
  }

  /// The sentence with settings spelled as in Swift. It may lack its full stop.
  package var message: String { sentence.text() }
  public var description: String { line() }

  /// The sentence with its full stop, for display: bytes of paths that are not UTF-8 are shown as `\xE9`.
  package func line(_ spelling: Setting.Spelling = { $0.inProgram }) -> String {
    let text = sentence.text(spelling).showingPathBytes
    return text.hasSuffix(".") || text.hasSuffix("?") ? text : text + "."
  }

  /// The same failure, with a place in front that its thrower did not know.
  package func at(_ place: String) -> Failure { Failure(kind, sentence: "\(place): \(sentence)") }
}

/// A message in which settings are kept as values, so that each caller can spell them: `"\(path): leave out \(setting:
/// .quality)."`.
package struct Sentence: Equatable, Sendable, ExpressibleByStringInterpolation {
  fileprivate enum Part: Equatable, Sendable {
    case text(String)
    case setting(Setting)
  }

  private var parts: [Part]

  package init(_ text: String) { parts = [.text(text)] }
  package init(stringLiteral text: String) { self.init(text) }
  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// - Parameter spelling: The spelling of settings.
  package func text(_ spelling: Setting.Spelling = { $0.inProgram }) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .setting(let setting): spelling(setting)
      }
    }.joined()
  }

  /// The sentence without its full stop, to be continued after a comma or semicolon.
  package var withoutFullStop: Sentence {
    guard case .text(let last)? = parts.last, last.hasSuffix(".") else { return self }
    var shorter = self
    shorter.parts[parts.count - 1] = .text(String(last.dropLast()))
    return shorter
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { append(.text(literal)) }
    package mutating func appendInterpolation<Value>(_ value: Value) { append(.text("\(value)")) }
    package mutating func appendInterpolation(_ sentence: Sentence) { for part in sentence.parts { append(part) } }

    /// - Parameter value: The value that it has or should have.
    package mutating func appendInterpolation(setting: Setting, _ value: String? = nil) {
      append(.setting(setting.with(value)))
    }

    /// Appends several settings, separated by spaces.
    package mutating func appendInterpolation(settings: [Setting]) {
      for (index, setting) in settings.enumerated() {
        if index > 0 { appendLiteral(" ") }
        appendInterpolation(setting: setting)
      }
    }

    /// Merges adjacent texts, so that sentences with the same words are equal.
    private mutating func append(_ part: Part) {
      if case .text(let text) = part, case .text(let before)? = parts.last {
        parts[parts.count - 1] = .text(before + text)
      } else {
        parts.append(part)
      }
    }
  }
}

extension DefaultStringInterpolation {
  /// A string cannot hold settings: `Sentence.text(_:)` spells them, and a surrounding sentence keeps them.
  @available(*, unavailable, message: "use text(_:), or make the text around it a Sentence")
  mutating func appendInterpolation(_ sentence: Sentence) {}
}

/// A setting that a message names: a property or parameter in Swift, a flag on the command line.
package struct Setting: Hashable, Sendable {
  /// A function that spells a setting in a message.
  package typealias Spelling = @Sendable (Setting) -> String

  /// The name of a property or parameter, such as `quality`; of a configuration's key its path, such as `losses.style`.
  package let name: String
  package let isConfigurationKey: Bool
  /// The value that the message mentions, if any.
  package let value: String?

  package init(_ name: String) { self.init(name, isConfigurationKey: false, value: nil) }

  private init(_ name: String, isConfigurationKey: Bool, value: String?) {
    self.name = name
    self.isConfigurationKey = isConfigurationKey
    self.value = value
  }

  /// A key of the configuration with a value for it.
  package static func key(_ path: String, _ value: String) -> Setting {
    Setting(path, isConfigurationKey: true, value: value)
  }

  func with(_ value: String?) -> Setting {
    Setting(name, isConfigurationKey: isConfigurationKey, value: value ?? self.value)
  }

  /// The spelling in Swift: `quality`, `strategy: crop`, `losses.style=0`.
  package var inProgram: String {
    "`" + name + (value.map { (isConfigurationKey ? "=" : ": ") + $0 } ?? "") + "`"
  }
}

extension Setting {
  /// - Throws: `Failure` of the kind `usage` for a number that is not in the range.
  package func require(_ value: Int, in range: ClosedRange<Int>) throws {
    guard !range.contains(value) else { return }
    let limits =
      range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    throw Failure(.usage, sentence: "\(setting: self): expected a whole number of \(limits), found \(value).")
  }
}
