extension JSONScanner {
  /// A number by the grammar of RFC 8259, which every part of it must keep to.
  mutating func number() throws -> JSONNumber {
    let start = index
    let startPosition = position
    _ = skip("-")
    if next == UInt8(ascii: "I") { throw failure("JSON has no infinity: expected a number", at: startPosition) }
    if skip("0") {
      guard !isDigit(next) else { throw failure("a number must not begin with 0", at: startPosition) }
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
      throw failure("the number \(JSONValue(.number(number)).excerpt) is too large for 64 bits", at: startPosition)
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
    case "NaN", "nan", "Infinity", "inf":
      throw failure("JSON has neither NaN nor infinity: expected a number", at: start)
    case let other: throw failure("expected a value, found `\(other)`; strings stand in double quotes", at: start)
    }
    index += word.count
    return content
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
