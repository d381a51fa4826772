import Support

/// The bytes of a pickle, taken one after the other; every length is checked against what is left.
struct PickleBytes {
  private let bytes: [UInt8]
  /// What messages call the pickle.
  private let source: String
  private(set) var position = 0

  init(_ bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw failure("expected \(count) more bytes, found \(bytes.count - position); the file is damaged or cut short")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func byte() throws -> UInt8 { try take(1).first! }

  /// A little-endian number of up to eight bytes.
  mutating func unsigned(_ count: Int) throws -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A length of up to eight bytes.
  mutating func length(_ count: Int) throws -> Int {
    let length = try unsigned(count)
    guard let length = Int(exactly: length) else {
      throw failure("expected a length, found \(length); the file is damaged")
    }
    return length
  }

  /// A little-endian whole number in two's complement; one that does not fit 64 bits becomes a real number.
  mutating func long(_ count: Int) throws -> PickleValue {
    let digits = try take(count)
    guard let last = digits.last else { return .integer(0) }
    let isNegative = last >= 0x80
    if count <= 8 {
      let start: UInt64 = isNegative ? .max : 0
      return .integer(Int(truncatingIfNeeded: digits.reversed().reduce(start) { $0 << 8 | UInt64($1) }))
    }
    let magnitude = digits.reversed().reduce(0.0) { $0 * 256 + Double(isNegative ? ~$1 : $1) }
    return .real(isNegative ? -magnitude - 1 : magnitude)
  }

  /// A big-endian 64-bit real number.
  mutating func real() throws -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  mutating func text(_ count: Int) throws -> String {
    let bytes = try take(count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("expected text in UTF-8, found other bytes")
    }
    return text
  }

  /// What stands before the next line feed, which is taken too.
  mutating func line() throws -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw failure("expected a line, found the end; the file is damaged or cut short")
    }
    let line = try text(end - position)
    position += 1
    return line
  }

  func failure(_ message: String) -> Failure {
    Failure(.data, "\(source), byte \(position): \(message).")
  }
}
