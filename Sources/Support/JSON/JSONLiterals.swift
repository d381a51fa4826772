// Values are written in Swift as they would be in JSON: `["steps": 100, "flip": true]`, in that order.

extension JSONValue {
  package init(_ value: Bool) {
    self.init(.boolean(value))
  }

  /// A number without a fraction.
  package init(_ value: Int) {
    self.init(.number(JSONNumber(value)))
  }

  /// Infinities and NaN become `null`, as JSON cannot represent them.
  package init(_ value: Double) {
    self.init(JSONNumber(value).map(Content.number) ?? .null)
  }

  package init(_ value: String) {
    self.init(.string(value))
  }

  package init(_ values: [JSONValue]) {
    self.init(.array(values))
  }

  /// An object, its keys in the order given.
  ///
  /// - Precondition: no key repeats.
  package init(_ members: [(key: String, value: JSONValue)]) {
    var seen = Set<ByteString>()
    self.init(
      .object(
        members.map { key, value in
          precondition(seen.insert(ByteString(key)).inserted, "JSONValue: the key \"\(key)\" is given twice")
          return JSONMember(key: key, value: value)
        }))
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) {
    self.init(.null)
  }

  package init(booleanLiteral value: Bool) {
    self.init(value)
  }

  package init(integerLiteral value: Int) {
    self.init(value)
  }

  package init(floatLiteral value: Double) {
    self.init(value)
  }

  package init(stringLiteral value: String) {
    self.init(value)
  }

  package init(arrayLiteral values: JSONValue...) {
    self.init(values)
  }

  /// An object in the order written.
  ///
  /// - Precondition: no key repeats.
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(members.map { (key: $0.0, value: $0.1) })
  }
}

extension JSONScanner {
  /// A string, from its opening to its closing quote.
  ///
  /// Control characters must be escaped, surrogates must come in pairs, and unescaped text must be UTF-8.
  mutating func string() throws -> String {
    let start = position
    index += 1
    var decoded: [UInt8] = []
    var plain = index
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        decoded += bytes[plain..<index]
        index += 1
        guard let string = String(validating: decoded, as: UTF8.self) else {
          throw failure("expected a string in UTF-8, found other bytes", at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        decoded += bytes[plain..<index]
        decoded += String(try escape()).utf8
        plain = index
      case 0..<0x20:
        throw failure("expected `\"` before the end of the line or an escape such as `\\n`, found a control character")
      default:
        step()
      }
    }
    throw failure("expected `\"` at the end of this string, found none", at: start)
  }

  /// An escape sequence, starting at its backslash.
  private mutating func escape() throws -> Unicode.Scalar {
    let start = position
    index += 1
    guard let byte = next else { throw unexpected("an escape") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(at: start)
    default: throw failure("there is no such escape, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u", at: start)
    }
  }

  /// The character of a `\u` escape: four digits, or a surrogate pair for characters beyond 16 bits.
  private mutating func unicodeEscape(at start: JSONPosition) throws -> Unicode.Scalar {
    let high = try fourHexadecimalDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, skip("\\"), skip("u") else {
      throw failure("expected a surrogate and its other half, found one alone", at: start)
    }
    let low = try fourHexadecimalDigits()
    guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + low - 0xDC00)
    else { throw failure("expected a surrogate and its other half, found one alone", at: start) }
    return scalar
  }

  /// Four hexadecimal digits of either case, as a number.
  private mutating func fourHexadecimalDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}

/// A string that is compared byte by byte, for names from files as keys of sets and dictionaries.
///
/// `String` compares by canonical equivalence, so that "é" in one code point equals "é" in two; names in files are
/// the same only if their bytes are.
package struct ByteString: Hashable, Sendable {
  package let string: String

  package init(_ string: String) {
    self.string = string
  }

  package static func == (left: ByteString, right: ByteString) -> Bool {
    left.string.hasSameBytes(as: right.string)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
  }
}

extension String {
  /// True if both have the same UTF-8 bytes, which is stricter than `==`.
  package func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}

/// A JSON number as it was written: the digits are kept, so that integers and reals can be told apart exactly and are
/// written back unchanged.
package struct JSONNumber: Sendable {
  /// The digits, by the grammar of RFC 8259; always the text of a finite number.
  package let literal: String

  /// - Precondition: `literal` follows the grammar and is finite; the scanner has checked both.
  init(checkedLiteral literal: String) {
    self.literal = literal
  }

  package init(_ value: Int) {
    literal = String(value)
  }

  /// The shortest digits that read back as the same `value`; nil for infinities and NaN, which JSON cannot represent.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    literal = value.description
  }

  /// The nearest `Double`.
  package var real: Double {
    Double(literal) ?? .nan
  }

  /// The number if it is whole and fits 64 bits: `16`, but also `16.0` and `1e3`. Nil for a real literal beyond 2^53,
  /// which no longer identifies an integer.
  package var integer: Int? {
    if isWrittenAsInteger { return Int(literal) }
    let real = self.real
    return abs(real) <= 0x1p53 ? Int(exactly: real) : nil
  }

  /// True if there is neither a fraction nor an exponent.
  package var isWrittenAsInteger: Bool {
    literal.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

extension JSONNumber: Equatable {
  /// Equal in value, however written: `1e-4` equals `0.0001`.
  package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    left.literal == right.literal || (left.real == right.real && left.integer == right.integer)
  }
}
