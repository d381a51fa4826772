import Support

/// A stream of the bytes of one or several pickles. Every length is checked against the remaining bytes.
///
/// The bytes are in memory, or are read in chunks from the start of a file, where the end of the pickles is unknown
/// until they are parsed.
struct PickleBytes {
  /// The minimum size of a chunk in bytes.
  private static let piece = 1 << 16

  /// The bytes that have been read.
  private var bytes: [UInt8]
  /// The maximum number of bytes: the size of the file or array, or the limit.
  private let total: Int
  private let file: OpenFile?
  /// The end of the error message for a pickle longer than `total`.
  private let end: String
  /// The name of the pickle in error messages.
  private let source: String
  private(set) var position = 0

  init(_ bytes: [UInt8], source: String) {
    self.bytes = bytes
    total = bytes.count
    file = nil
    end = "the file is damaged or cut short"
    self.source = source
  }

  /// Makes a stream of the start of a file.
  ///
  /// - Parameter limit: The maximum number of bytes.
  /// - Throws: `Failure` if the file's size cannot be determined.
  init(_ file: OpenFile, limit: Int, source: String) throws {
    let size = try file.size()
    bytes = []
    total = min(size, limit)
    self.file = file
    end = size > limit ? "pickles of at most \(limit) bytes are read" : "the file is damaged or cut short"
    self.source = source
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= total - position else {
      throw failure("expected \(count) more bytes, found \(total - position); \(end)")
    }
    try fill(to: position + count)
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func byte() throws -> UInt8 { try take(1).first! }

  /// Reads an unsigned little-endian integer of up to eight bytes.
  mutating func unsigned(_ count: Int) throws -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads a length of up to eight bytes.
  mutating func length(_ count: Int) throws -> Int {
    let length = try unsigned(count)
    guard let length = Int(exactly: length) else {
      throw failure("expected a length, found \(length); the file is damaged")
    }
    return length
  }

  /// Reads a little-endian integer in two's complement. An integer of more than 64 bits becomes a floating-point
  /// number.
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

  /// Reads an integer in decimal digits, as in protocol 1. `01` and `00` are booleans, and the integer may end in `L`.
  /// An integer of more than 64 bits becomes a floating-point number.
  mutating func digits() throws -> PickleValue {
    let line = try line()
    if line == "01" || line == "00" { return .boolean(line == "01") }
    let digits = line.hasSuffix("L") ? line.dropLast() : line[...]
    if let integer = Int(digits) { return .integer(integer) }
    let isNumber = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == 0x2D }
    guard isNumber, let real = Double(digits) else {
      throw failure("expected a number in digits, found something else; the file is damaged")
    }
    return .real(real)
  }

  /// Reads a big-endian 64-bit floating-point number.
  mutating func real() throws -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Reads text, or bytes if they are no valid UTF-8: in Python 2, both have one type, and Python 3 may write unpaired
  /// surrogates.
  mutating func text(_ count: Int) throws -> PickleValue {
    String(validating: try take(count), as: UTF8.self).map { .text($0) } ?? .bytes
  }

  /// Reads a line, and consumes the line feed.
  mutating func line() throws -> String {
    var end = position
    while true {
      guard end < total else { throw failure("expected a line, found the end; \(self.end)") }
      try fill(to: end + 1)
      if bytes[end] == UInt8(ascii: "\n") { break }
      end += 1
    }
    guard case .text(let line) = try text(end - position) else {
      throw failure("expected text in UTF-8, found other bytes")
    }
    position += 1
    return line
  }

  /// Reads chunks until `count` bytes are in memory, which must be at most `total`.
  private mutating func fill(to count: Int) throws {
    guard count > bytes.count, let file else { return }
    let start = bytes.count
    let more = min(max(count - start, Self.piece, start), total - start)
    bytes.append(contentsOf: repeatElement(0, count: more))
    try bytes.withUnsafeMutableBytes { buffer in
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), at: start)
    }
  }

  func failure(_ message: String) -> Failure {
    Failure(.data, "\(source), byte \(position): \(message).")
  }
}
