extension JSONScanner {
  /// A string, from its opening to its closing quote.
  ///
  /// Control characters must be escaped, surrogates must come in pairs, and what stands there plainly must be UTF-8.
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
          throw failure("this string is not valid UTF-8", at: start)
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
    throw failure("this string is not closed by `\"`", at: start)
  }

  /// An escape, from its backslash on.
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
    default: throw failure("there is no such escape: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u", at: start)
    }
  }

  /// The character of an escape, after its `\u`: four digits, or two times four for characters beyond 16 bits.
  private mutating func unicodeEscape(at start: JSONPosition) throws -> Unicode.Scalar {
    let high = try fourHexadecimalDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, skip("\\"), skip("u") else {
      throw failure("a surrogate must be followed by its other half", at: start)
    }
    let low = try fourHexadecimalDigits()
    guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + low - 0xDC00)
    else { throw failure("a surrogate must be followed by its other half", at: start) }
    return scalar
  }

  /// Four digits of either case, as one number.
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
