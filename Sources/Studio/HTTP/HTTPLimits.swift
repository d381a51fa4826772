/// The most that a client may ask of the server before it is refused: sizes in bytes, durations in seconds.
struct HTTPLimits: Sendable {
  /// The request line and the header fields.
  var headBytes = 16 << 10
  var headerCount = 100
  var bodyBytes = 64 << 20
  /// Connections that are open at once. One more takes the place of the one that has been idle for longest.
  var connections = 64
  /// The time for a request's head, from its first byte or from the opening of the connection.
  var headSeconds = 10.0
  /// The time between two requests of a connection.
  var idleSeconds = 60.0
  var bodySeconds = 120.0
  /// The time for a response that the client does not read, beside a second for each 64 kB.
  var writeSeconds = 20.0
}

/// The reason for which a request is not served: its status and a sentence.
struct HTTPFault: Error, Equatable {
  let status: Int
  let sentence: String
  /// Header fields that go with the status.
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

/// Runs a body that has to end in time.
///
/// - Throws: What the body throws, or `fault` if it takes longer; then it is canceled.
func withDeadline<Result: Sendable>(
  seconds: Double, _ fault: @autoclosure @escaping @Sendable () -> HTTPFault,
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
