/// Words for whoever called, in which settings are still settings: `"\(path): leave out \(setting: .quality)."`.
package struct Sentence: Equatable, Sendable, ExpressibleByStringInterpolation {
  fileprivate enum Part: Equatable, Sendable {
    case text(String)
    case setting(Setting)
  }

  private var parts: [Part]

  package init(_ text: String) { parts = [.text(text)] }
  package init(stringLiteral text: String) { self.init(text) }
  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// - Parameter spelling: What settings are called.
  package func text(_ spelling: Setting.Spelling = { $0.inProgram }) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .setting(let setting): spelling(setting)
      }
    }.joined()
  }

  /// The same to be gone on with after a comma or semicolon.
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

    /// - Parameter value: What it is, or should be, set to.
    package mutating func appendInterpolation(setting: Setting, _ value: String? = nil) {
      append(.setting(setting.with(value)))
    }

    /// Several, with spaces between them.
    package mutating func appendInterpolation(settings: [Setting]) {
      for (index, setting) in settings.enumerated() {
        if index > 0 { appendLiteral(" ") }
        appendInterpolation(setting: setting)
      }
    }

    /// Neighboring texts become one, so that equal words are equal sentences.
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
  /// Text has no settings: `Sentence.text(_:)` says what to call them, and a sentence around a sentence keeps them.
  @available(*, unavailable, message: "use text(_:), or make the text around it a Sentence")
  mutating func appendInterpolation(_ sentence: Sentence) {}
}
