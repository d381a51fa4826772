import FlyingSocks
import Foundation

/// A client's connection: reads requests and writes responses, within limits of size and time.
actor HTTPConnection {
  nonisolated let socket: AsyncSocket
  private let limits: HTTPLimits
  /// Received bytes that are not parsed yet.
  private var received: [UInt8] = []

  init(_ socket: AsyncSocket, limits: HTTPLimits) {
    self.socket = socket
    self.limits = limits
  }

  /// The head of the next request.
  ///
  /// - Returns: Nil if the client has closed the connection.
  /// - Throws: `HTTPError`; `SocketError`.
  func head() async throws -> HTTPHead? {
    var searched = 0
    while true {
      // Empty lines before a request are skipped.
      while received.starts(with: [13, 10]) { received.removeFirst(2) }
      if let end = received.firstRange(of: [13, 10, 13, 10], from: searched) {
        guard end <= limits.headBytes else { throw headTooLarge }
        let head = received[..<end]
        received.removeFirst(end + 4)
        return try HTTPHead(parsing: head, limits: limits)
      }
      guard received.count <= limits.headBytes else { throw headTooLarge }
      searched = max(0, received.count - 3)
      do {
        received += try await socket.read(atMost: 4096)
      } catch SocketError.disconnected {
        return nil
      }
    }
  }

  private var headTooLarge: HTTPError {
    HTTPError(431, "The request: expected a head of at most \(limits.headBytes >> 10) KiB, found a longer one.")
  }

  /// Waits for the first byte of the next request.
  func waitForRequest() async throws {
    if received.isEmpty { received += try await socket.read(atMost: 4096) }
  }

  /// The body of the request whose head was read last.
  ///
  /// - Throws: `HTTPError` with the status 413 as soon as the chunks exceed the limit; `SocketError`.
  func body(of head: HTTPHead) async throws -> [UInt8] {
    if head["expect"]?.lowercased() == "100-continue" {
      try await write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    switch head.framing {
    case .length(let count):
      var body: [UInt8] = []
      body.reserveCapacity(count)
      try await take(count, into: &body)
      return body
    case .chunked: return try await chunks()
    }
  }

  private func chunks() async throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let line = try await nextLine()
      let digits = line.prefix { $0 != UInt8(ascii: ";") }
      guard (1...8).contains(digits.count), let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
        size >= 0
      else { throw HTTPError(400, "The request: expected chunks with their lengths, found something else.") }
      guard size > 0 else { break }
      guard body.count + size <= limits.bodyBytes else { throw HTTPError.tooLarge(limits) }
      try await take(size, into: &body)
      guard try await nextLine().isEmpty else {
        throw HTTPError(400, "The request: expected a chunk as long as it says, found a longer one.")
      }
    }
    // Trailer fields are ignored.
    var count = 0
    while true {
      let line = try await nextLine()
      if line.isEmpty { return body }
      count += line.count
      guard count <= limits.headBytes else { throw headTooLarge }
    }
  }

  /// A line without its end.
  private func nextLine() async throws -> [UInt8] {
    while true {
      if let end = received.firstRange(of: [13, 10], from: 0) {
        defer { received.removeFirst(end + 2) }
        return Array(received[..<end])
      }
      guard received.count <= limits.headBytes else { throw headTooLarge }
      received += try await socket.read(atMost: 4096)
    }
  }

  private func take(_ count: Int, into bytes: inout [UInt8]) async throws {
    let known = min(count, received.count)
    bytes += received[..<known]
    received.removeFirst(known)
    var rest = count - known
    while rest > 0 {
      let part = try await socket.read(atMost: min(rest, 4096))
      bytes += part
      rest -= part.count
    }
  }

  nonisolated func write(_ bytes: [UInt8]) async throws {
    let (socket, data) = (socket, Data(bytes))
    let seconds = limits.writeSeconds + Double(bytes.count) / 65_536
    try await withDeadline(seconds: seconds, HTTPError(408, "The response: the client does not read it.")) {
      try await socket.write(data)
    }
  }

  /// Runs a function for the client, and cancels it as soon as the client disconnects.
  nonisolated func whileConnected<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body() }
      group.addTask {
        try await self.waitForEnd()
        return nil
      }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }

  /// Returns once the client has sent more of the next request than is buffered.
  ///
  /// - Throws: `SocketError.disconnected` when it has closed the connection.
  private func waitForEnd() async throws {
    while received.count <= limits.headBytes { received += try await socket.read(atMost: 4096) }
  }

  /// Closes the sending side after an error, and discards what the client still sends for a moment: closing with unread
  /// bytes would reset the connection, and the client would not read the error.
  nonisolated func linger() async {
    shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    let socket = socket
    _ = try? await withDeadline(seconds: 2, HTTPError(408, "")) {
      for _ in 0..<4096 { _ = try await socket.read(atMost: 4096) }
    }
  }
}

extension [UInt8] {
  /// The index of the first occurrence of a few bytes at or after an index.
  fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
    guard count >= pattern.count, start <= count - pattern.count else { return nil }
    return (start...count - pattern.count).first { index in
      self[index] == pattern[0] && self[index..<index + pattern.count].elementsEqual(pattern)
    }
  }
}
