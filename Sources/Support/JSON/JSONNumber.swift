/// A JSON number as it was written: the digits are kept, so that integers and reals can be told apart exactly and are
/// written back unchanged.
package struct JSONNumber: Sendable {
  /// The digits, by the grammar of RFC 8259; always the text of a finite number.
  package let literal: String

  /// - Precondition: `literal` follows the grammar and is finite; the scanner has seen to both.
  init(checkedLiteral literal: String) {
    self.literal = literal
  }

  package init(_ value: Int) {
    literal = String(value)
  }

  /// The shortest digits that read back as the same `value`; nil for infinities and for what is not a number, which
  /// JSON cannot say.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    literal = value.description
  }

  /// The nearest 64-bit real number.
  package var real: Double {
    Double(literal) ?? .nan
  }

  /// The number if it is whole and fits 64 bits: `16`, but also `16.0` and `1e3`. A real literal beyond 2^53 is nil,
  /// for it no longer says which integer it means.
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
