/// Reads a JSON text (RFC 8259) byte by byte and knows at each one on which line and column it stands.
///
/// Every byte is looked at through `next`, so that no text, however damaged, leads beyond the end. Columns are counted
/// as the text goes by: a text of one long line costs no more than any other.
///
/// Blanks, words and numbers, and strings are read in files of their own.
struct JSONScanner {
  let bytes: [UInt8]
  let dialect: JSONDialect
  private let source: String
  private let kind: Failure.Kind

  /// The byte to be read next.
  var index = 0
  private var line = 1
  private var lineStart = 0
  /// UTF-8 continuation bytes since `lineStart`, which make no column.
  private var continuations = 0
  private var depth = 0
  private var values = 0

  init(_ bytes: [UInt8], dialect: JSONDialect, source: String, kind: Failure.Kind) {
    self.bytes = bytes
    self.dialect = dialect
    self.source = source
    self.kind = kind
  }

  /// The only value of the text, with nothing but blanks around it.
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
      throw failure("the text holds more than \(dialect.maximumValues) values", at: start)
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
        throw scanner.failure("the key \(JSONValue(key).excerpt) is repeated", at: keyPosition)
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

  /// Items with commas between them; `item` reads one.
  private mutating func list(
    from opening: Unicode.Scalar, to closing: Unicode.Scalar, item: (inout JSONScanner) throws -> Void
  ) throws {
    let start = position
    depth += 1
    defer { depth -= 1 }
    guard depth <= dialect.maximumDepth else {
      throw failure("values may nest at most \(dialect.maximumDepth) deep", at: start)
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
        guard dialect.allowsComments else { throw failure("the comma before `\(closing)` must go") }
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

  /// Steps over `byte` if it comes next, and says whether it did.
  mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  /// Steps over one byte, whatever it is, and keeps line and column.
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

  /// Steps over the byte order mark that some editors put first.
  mutating func skipByteOrderMark() {
    guard index == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
    index = 3
    lineStart = 3
  }

  /// A failure of the kind and source that the scanner was given, here or at `place`.
  func failure(_ message: String, at place: JSONPosition? = nil) -> Failure {
    Failure(kind, "\((place ?? position).location(in: source)): \(message)")
  }

  /// The failure of something else standing here than what was expected.
  func unexpected(_ expected: String) -> Failure {
    failure("expected \(expected), found \(nextCharacter)")
  }

  /// The next character as messages show it.
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
