/// A scanner of JSON text (RFC 8259) that keeps track of line and column.
///
/// Every byte is read through `next`, so that damaged text never leads beyond the end. Columns are counted on the way:
/// one long line costs no more than many short ones.
///
/// Strings are scanned in `JSONLiterals.swift`.
struct JSONScanner {
  let bytes: [UInt8]
  let dialect: JSONDialect
  private let source: String
  private let kind: Failure.Kind

  /// The byte to be read next.
  var index = 0
  private var line = 1
  private var lineStart = 0
  /// UTF-8 continuation bytes since `lineStart`, which do not count as columns.
  private var continuations = 0
  private var depth = 0
  private var values = 0

  init(_ bytes: [UInt8], dialect: JSONDialect, source: String, kind: Failure.Kind) {
    self.bytes = bytes
    self.dialect = dialect
    self.source = source
    self.kind = kind
  }

  /// The only value of the text, surrounded by whitespace only.
  mutating func document() throws -> JSONValue {
    try skipBlanks()
    let value = try value()
    try skipBlanks()
    guard index == bytes.count else { throw unexpected("the end after the value") }
    return value
  }

  /// A value of any kind; the byte at `index` begins it.
  private mutating func value() throws -> JSONValue {
    let start = position
    values += 1
    guard values <= dialect.maximumValues else {
      throw failure("expected at most \(dialect.maximumValues) values, found more", at: start)
    }
    let content: JSONValue.Content =
      switch next {
      case UInt8(ascii: "{"): .object(try members())
      case UInt8(ascii: "["): .array(try elements())
      case UInt8(ascii: "\""): .string(try string())
      case UInt8(ascii: "-"): .number(try number())
      case (UInt8(ascii: "0")...UInt8(ascii: "9"))?: .number(try number())
      default: try word()
      }
    return JSONValue(content, position: start)
  }

  // MARK: Collections

  /// The members of an object, from `{` to `}`.
  private mutating func members() throws -> [JSONMember] {
    var members: [JSONMember] = []
    var keys = Set<ByteString>()
    try list(from: "{", to: "}") { scanner in
      let keyPosition = scanner.position
      guard scanner.next == UInt8(ascii: "\"") else { throw scanner.unexpected("a key in double quotes") }
      let key = try scanner.string()
      guard keys.insert(ByteString(key)).inserted else {
        throw scanner.failure("expected each key once, found \(JSONValue(key).excerpt) again", at: keyPosition)
      }
      try scanner.skipBlanks()
      guard scanner.skip(":") else { throw scanner.unexpected("`:` after the key") }
      try scanner.skipBlanks()
      members.append(JSONMember(key: key, keyPosition: keyPosition, value: try scanner.value()))
    }
    return members
  }

  /// The elements of an array, from `[` to `]`.
  private mutating func elements() throws -> [JSONValue] {
    var elements: [JSONValue] = []
    try list(from: "[", to: "]") { scanner in elements.append(try scanner.value()) }
    return elements
  }

  /// A comma-separated list; `item` reads one item.
  private mutating func list(
    from opening: Unicode.Scalar, to closing: Unicode.Scalar, item: (inout JSONScanner) throws -> Void
  ) throws {
    let start = position
    depth += 1
    defer { depth -= 1 }
    guard depth <= dialect.maximumDepth else {
      throw failure("expected values nested at most \(dialect.maximumDepth) deep, found a deeper one", at: start)
    }
    _ = skip(opening)
    try skipBlanks()
    if skip(closing) { return }
    while true {
      try item(&self)
      try skipBlanks()
      if skip(closing) { return }
      guard skip(",") else { throw unexpected("`,` or `\(closing)`") }
      try skipBlanks()
      if next == UInt8(ascii: closing) {
        guard dialect.allowsComments else { throw failure("expected a value after the comma, found `\(closing)`") }
        index += 1
        return
      }
    }
  }
}

// MARK: - Place and failure

extension JSONScanner {
  /// The byte to be read next; nil at the end.
  var next: UInt8? {
    index < bytes.count ? bytes[index] : nil
  }

  /// The line and column of `next`.
  var position: JSONPosition {
    .text(line: line, column: index - lineStart - continuations + 1)
  }

  /// Consumes `byte` if it comes next; false if it does not.
  mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  /// Consumes one byte, whatever it is, and updates line and column.
  mutating func step() {
    if bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
      continuations = 0
    } else if bytes[index] & 0xC0 == 0x80 {
      continuations += 1
    }
    index += 1
  }

  /// Skips the byte order mark that some editors write.
  mutating func skipByteOrderMark() {
    guard index == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
    index = 3
    lineStart = 3
  }

  /// A failure at the current position or at `place`.
  func failure(_ message: String, at place: JSONPosition? = nil) -> Failure {
    Failure(kind, "\((place ?? position).location(in: source)): \(message)")
  }

  /// The failure that something else was expected at the current position.
  func unexpected(_ expected: String) -> Failure {
    failure("expected \(expected), found \(nextCharacter)")
  }

  /// The next character in messages.
  private var nextCharacter: String {
    guard let byte = next else { return "the end" }
    guard byte >= 0x20, byte != 0x7F, let text = String(validating: bytes[index...].prefix(length(byte)), as: UTF8.self)
    else {
      let digits = String(byte, radix: 16, uppercase: true)
      return "the byte 0x" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
    return "`\(text)`"
  }

  /// The number of bytes of the character that begins with `byte`.
  private func length(_ byte: UInt8) -> Int {
    max(1, (~byte).leadingZeroBitCount)
  }
}

/// The syntax that is accepted in a JSON text, and the limits of its size.
package struct JSONDialect: Sendable {
  /// `//` and `/* */` comments, a comma after the last member, and a byte order mark at the start.
  package let allowsComments: Bool
  /// The maximum nesting depth of arrays and objects.
  let maximumDepth = 64
  /// The maximum number of values: a malicious header of 100 MB must not take gigabytes.
  let maximumValues = 4_000_000

  /// RFC 8259 and nothing else.
  package static let strict = JSONDialect(allowsComments: false)
  /// For files written by hand: comments and trailing commas are allowed.
  package static let configuration = JSONDialect(allowsComments: true)
}

extension JSONValue {
  /// Reads one value from a text.
  ///
  /// Repeated keys (compared as UTF-8 bytes), invalid UTF-8, unpaired surrogates, `NaN`, numbers beyond 64-bit reals,
  /// nesting deeper than 64 and anything after the value are refused.
  ///
  /// - Parameters:
  ///   - source: The name of the text in messages, usually a path.
  ///   - kind: The kind of the failures.
  /// - Throws: A `Failure` of that kind, naming source, line and column.
  package init(
    parsing text: [UInt8], as dialect: JSONDialect, source: String, kind: Failure.Kind
  ) throws {
    var scanner = JSONScanner(text, dialect: dialect, source: source, kind: kind)
    self = try scanner.document()
  }

  /// Reads a configuration file of at most 16 MB.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `configuration` if it is not a JSON object.
  package init(configurationAt path: String) throws {
    try self.init(configuration: FileReader.read(path, limit: 16 << 20), source: path)
  }

  /// Reads a configuration from text. Anything but an object is refused here, before overrides are applied.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  package init(configuration text: [UInt8], source: String) throws {
    try self.init(parsing: text, as: .configuration, source: source, kind: .configuration)
    guard members != nil else {
      throw Failure(
        .configuration,
        "\(position.location(in: source)): expected the configuration to be an object, found \(excerpt)")
    }
  }
}

extension JSONScanner {
  /// Skips whitespace, and comments where the dialect allows them.
  mutating func skipBlanks() throws {
    if dialect.allowsComments { skipByteOrderMark() }
    while let byte = next {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        step()
      case UInt8(ascii: "/"):
        try skipComment()
      default:
        return
      }
    }
  }

  /// Skips `// …` to the end of the line, or `/* … */`, which does not nest.
  private mutating func skipComment() throws {
    guard dialect.allowsComments else { throw failure("expected no comments here, found one") }
    let start = index
    let startPosition = position
    index += 1
    if skip("/") {
      while let byte = next, byte != UInt8(ascii: "\n") { step() }
    } else if skip("*") {
      while !(next == UInt8(ascii: "*") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/")) {
        guard index < bytes.count else {
          throw failure("expected `*/` at the end of this comment, found none", at: startPosition)
        }
        step()
      }
      index += 2
    } else {
      throw unexpected("`//` or `/*`")
    }
    guard String(validating: bytes[start..<index], as: UTF8.self) != nil else {
      throw failure("expected a comment in UTF-8, found other bytes", at: startPosition)
    }
  }
}

extension JSONScanner {
  /// A number by the grammar of RFC 8259.
  mutating func number() throws -> JSONNumber {
    let start = index
    let startPosition = position
    _ = skip("-")
    if next == UInt8(ascii: "I") {
      throw failure("expected a number, found an infinity, which JSON does not have", at: startPosition)
    }
    if skip("0") {
      guard !isDigit(next) else {
        throw failure("expected a number without a 0 in front, found one", at: startPosition)
      }
    } else {
      try digits()
    }
    if skip(".") { try digits() }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      try digits()
    }
    let number = JSONNumber(checkedLiteral: String(decoding: bytes[start..<index], as: UTF8.self))
    guard number.real.isFinite else {
      throw failure("expected a number of 64 bits, found \(JSONValue(.number(number)).excerpt)", at: startPosition)
    }
    return number
  }

  /// One digit or more.
  private mutating func digits() throws {
    guard isDigit(next) else { throw unexpected("a digit") }
    while isDigit(next) { index += 1 }
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  /// `null`, `true` or `false`.
  mutating func word() throws -> JSONValue.Content {
    let start = position
    let word = bytes[index...].prefix(20).prefix { isLetter($0) }
    let content: JSONValue.Content
    switch String(decoding: word, as: UTF8.self) {
    case "null": content = .null
    case "true": content = .boolean(true)
    case "false": content = .boolean(false)
    case "": throw unexpected("a value")
    case let other where ["NaN", "nan", "Infinity", "inf"].contains(other):
      throw failure("expected a number, found `\(other)`, which JSON does not have", at: start)
    case let other: throw failure("expected a value, found `\(other)`; strings stand in double quotes", at: start)
    }
    index += word.count
    return content
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

/// The origin of a JSON value, for messages.
package enum JSONPosition: Equatable, Sendable {
  /// A position in a text; both count from 1. Columns count Unicode scalars, as editors do.
  case text(line: Int, column: Int)
  /// An override, with its name.
  case override(String)
  /// Created by the program.
  case program

  /// The beginning of a message: `config.json:12:7`, or the override's name, or the source alone.
  package func location(in source: String) -> String {
    switch self {
    case .text(let line, let column): "\(source):\(line):\(column)"
    case .override(let name): name
    case .program: source
    }
  }
}
