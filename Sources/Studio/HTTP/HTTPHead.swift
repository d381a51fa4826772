/// The request line and the header fields of a request: a strict parser of the subset of RFC 9112 that browsers send.
struct HTTPHead: Equatable, Sendable {
  /// The framing of a request's body.
  enum Framing: Equatable {
    case length(Int)
    case chunked
  }

  let method: String
  /// The path's segments, percent-decoded; `/` has none. They are compared with names, and never used as paths of
  /// files.
  let path: [String]
  let query: [HTTPField]
  /// The header fields in their order, with names in lower case.
  let fields: [HTTPField]
  let framing: Framing
  let keepsAlive: Bool

  /// The value of the first field of that name.
  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// - Parameter bytes: The bytes before the empty line.
  /// - Throws: `HTTPError` with the status 400, 413, 431, 501 or 505.
  init(parsing bytes: ArraySlice<UInt8>, limits: HTTPLimits) throws {
    guard bytes.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 9 || (32..<127).contains($0) || $0 >= 128 }) else {
      throw HTTPError(400, "The request: expected text, found control characters in its head.")
    }
    // CR LF is a single `Character` in Swift.
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard let first = lines.first, !text.unicodeScalars.contains("\u{FFFD}"),
      lines.allSatisfy({ !$0.unicodeScalars.contains("\r") && !$0.unicodeScalars.contains("\n") })
    else { throw HTTPError(400, "The request: expected lines of UTF-8 that end in CR LF, found others.") }
    let words = first.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].utf8.allSatisfy(Self.isTokenByte) else {
      throw HTTPError(400, "The request: expected a method, a target and a version, found something else.")
    }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw HTTPError(505, "The request: expected HTTP/1.1 or HTTP/1.0, found another version.")
    }
    guard lines.count - 1 <= limits.headerCount else {
      throw HTTPError(
        431, "The request: expected at most \(limits.headerCount) header fields, found \(lines.count - 1).")
    }
    method = String(words[0])
    (path, query) = try Self.target(words[1])
    fields = try lines.dropFirst().map(Self.field)
    for name in ["host", "content-length", "transfer-encoding", "origin", "content-type", "authorization", "cookie"] {
      guard fields.count(where: { $0.name == name }) <= 1 else {
        throw HTTPError(400, "The request: expected the header field \(name) once, found it several times.")
      }
    }
    framing = try Self.framing(fields, limits)
    let connection = fields.filter { $0.name == "connection" }.map { $0.value.lowercased() }.joined(separator: ",")
    keepsAlive = words[2] == "HTTP/1.1" && !connection.contains("close")
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func target(_ text: Substring) throws -> (path: [String], query: [HTTPField]) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = parts.first, path.hasPrefix("/"), text.utf8.allSatisfy({ (33..<127).contains($0) }) else {
      throw HTTPError(400, "The request: expected a target that is a path, found another one.")
    }
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    let names = try segments.map { try decoded($0) }
    let pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    let query = try pairs.map { pair in
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return HTTPField(try decoded(halves[0]), halves.count > 1 ? try decoded(halves[1]) : "")
    }
    return (names == [""] ? [] : names, query)
  }

  private static func decoded(_ text: Substring) throws -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        throw HTTPError(400, "The request: expected two hexadecimal digits after % in its target, found others.")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw HTTPError(400, "The request: expected a target in UTF-8, found other bytes.")
    }
    return name
  }

  private static func field(_ line: Substring) throws -> HTTPField {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(isTokenByte) else {
      throw HTTPError(400, "The request: expected header fields of a name, a colon and a value, found another line.")
    }
    let value = parts[1].drop { $0 == " " || $0 == "\t" }
    let end = value.lastIndex { $0 != " " && $0 != "\t" }.map(value.index(after:)) ?? value.startIndex
    return HTTPField(parts[0].lowercased(), String(value[..<end]))
  }

  private static func framing(_ fields: [HTTPField], _ limits: HTTPLimits) throws -> Framing {
    let length = fields.first { $0.name == "content-length" }?.value
    if let coding = fields.first(where: { $0.name == "transfer-encoding" })?.value {
      guard length == nil else {
        throw HTTPError(400, "The request: expected a length or chunks, found both.")
      }
      guard coding.lowercased() == "chunked" else {
        throw HTTPError(501, "The request: expected the transfer coding chunked, found another one.")
      }
      return .chunked
    }
    guard let length else { return .length(0) }
    guard !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw HTTPError(400, "The request: expected a length of digits, found something else.")
    }
    guard let count = Int(length), count <= limits.bodyBytes else { throw HTTPError.tooLarge(limits) }
    return .length(count)
  }
}

extension HTTPError {
  static func tooLarge(_ limits: HTTPLimits) -> HTTPError {
    HTTPError(413, "The request: expected a body of at most \(limits.bodyBytes >> 20) MiB, found a larger one.")
  }
}

/// The limits of requests: sizes in bytes, durations in seconds.
struct HTTPLimits: Sendable {
  /// The request line and the header fields.
  var headBytes = 16 << 10
  var headerCount = 100
  var bodyBytes = 64 << 20
  /// The maximum number of open connections. One more replaces the one that has been idle longest.
  var connections = 64
  /// The time for a request's head, from its first byte or from the opening of the connection.
  var headSeconds = 10.0
  /// The time between two requests of a connection.
  var idleSeconds = 60.0
  var bodySeconds = 120.0
  /// The time for writing a response, plus a second for each 64 kB.
  var writeSeconds = 20.0
}

/// An HTTP error: a status and a sentence.
struct HTTPError: Error, Equatable {
  let status: Int
  let sentence: String
  /// Additional header fields of the response.
  var headers: [HTTPField] = []

  init(_ status: Int, _ sentence: String, headers: [HTTPField] = []) {
    self.status = status
    self.sentence = sentence
    self.headers = headers
  }
}

/// A header field.
struct HTTPField: Equatable, Sendable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Runs a function with a time limit.
///
/// - Throws: The errors of the function, or `fault` if it takes longer; then it is canceled.
func withDeadline<Result: Sendable>(
  seconds: Double, _ fault: @autoclosure @escaping @Sendable () -> HTTPError,
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    defer { group.cancelAll() }
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(nanoseconds: UInt64(seconds * 1e9))
      throw fault()
    }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
