import FlyingSocks
import Foundation
import Support
import Synchronization

/// A request whose body is still to be read from its connection.
struct HTTPRequest: Sendable {
  let head: HTTPHead
  fileprivate let connection: HTTPConnection
  fileprivate let limits: HTTPLimits
  fileprivate let hasReadBody = Flag()

  /// Reads the body; may be called once.
  ///
  /// - Throws: `HTTPError` with the status 413 or 408.
  func body() async throws -> [UInt8] {
    let body = try await withDeadline(
      seconds: limits.bodySeconds,
      HTTPError(408, "The request: expected its body within \(Int(limits.bodySeconds)) s, found a part of it.")
    ) { [connection, head] in
      try await connection.body(of: head)
    }
    // If reading throws, the rest of the body is still to come, and is not a request.
    hasReadBody.set()
    return body
  }

  /// Runs a function for the client, and cancels it as soon as the client disconnects.
  func whileConnected<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try await connection.whileConnected(body)
  }
}

/// A thread-safe flag that can be set once.
final class Flag: Sendable {
  private let value = Atomic(false)
  func set() { value.store(true, ordering: .relaxed) }
  var isSet: Bool { value.load(ordering: .relaxed) }
}

/// An HTTP/1.1 server on a socket: a limited number of concurrent connections, each with one request after the other.
final class HTTPServer: Sendable {
  typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse

  /// The port, chosen by the system if 0 was requested.
  let port: Int
  private let listener: Socket
  private let limits: HTTPLimits
  private let handler: Handler
  private let clients = Mutex<[UInt64: Client]>([:])

  private struct Client {
    var task: Task<Void, Never>?
    /// The time since when it waits for a request; nil while one is served.
    var idleSince: ContinuousClock.Instant?
  }

  /// Starts listening.
  ///
  /// - Parameters:
  ///   - host: An IPv4 or IPv6 address of this machine.
  ///   - port: 0 for any.
  /// - Throws: `Failure` of the kind `inputOutput` if the port is taken, or the address is invalid.
  init(host: String, port: Int, limits: HTTPLimits, handler: @escaping Handler) throws {
    // Writing to a closed connection must fail and not end the process.
    signal(SIGPIPE, SIG_IGN)
    do {
      let number = UInt16(port)
      if host.contains(":") {
        listener = try Self.listen(sockaddr_in6.inet6(ip6: host, port: number))
      } else {
        listener = try Self.listen(sockaddr_in.inet(ip4: host, port: number))
      }
      switch try listener.sockname() {
      case .ip4(_, let port), .ip6(_, let port): self.port = Int(port)
      case .unix: self.port = port
      }
    } catch {
      throw Failure(
        .inputOutput,
        "\(host):\(port): expected an address of this machine with a free port (\(error.localizedDescription))")
    }
    self.limits = limits
    self.handler = handler
  }

  private static func listen(_ address: some SocketAddress) throws -> Socket {
    let socket = try Socket(domain: Int32(address.family))
    try socket.setValue(true, for: .localAddressReuse)
    try socket.bind(to: address)
    try socket.listen(maxPendingConnection: 128)
    return socket
  }

  /// Serves until the task is canceled.
  func run() async throws {
    let pool = SocketPool.make(maxEvents: 64)
    try await pool.prepare()
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer {
        group.cancelAll()
        for client in clients.withLock({ $0.values.map(\.task) }) { client?.cancel() }
        try? listener.close()
      }
      group.addTask { try await pool.run() }
      group.addTask { try await self.accept(AsyncSocket(socket: self.listener, pool: pool)) }
      try await group.next()
    }
  }

  private func accept(_ listener: AsyncSocket) async throws {
    var number: UInt64 = 0
    while true {
      try Task.checkCancellation()
      do {
        let socket = try await listener.accept()
        number += 1
        let client = number
        makeRoom()
        clients.withLock { $0[client] = Client(task: nil, idleSince: .now) }
        let task = Task {
          let connection = HTTPConnection(socket, limits: limits)
          await serve(connection, client: client)
          try? socket.close()
          _ = clients.withLock { $0.removeValue(forKey: client) }
        }
        clients.withLock { $0[client]?.task = task }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // Too many open files, or a client that has disconnected already: the next one may succeed.
        try await Task.sleep(nanoseconds: 50_000_000)
      }
    }
  }

  /// Closes the connection that has been idle longest if there are too many; never one that is being served.
  private func makeRoom() {
    let idle = clients.withLock { clients -> Task<Void, Never>? in
      guard clients.count >= limits.connections else { return nil }
      let waiting = clients.filter { $0.value.idleSince != nil && $0.value.task != nil }
      guard let oldest = waiting.min(by: { ($0.value.idleSince ?? .now) < ($1.value.idleSince ?? .now) }) else {
        return nil
      }
      return clients.removeValue(forKey: oldest.key)?.task
    }
    idle?.cancel()
  }

  /// True if all connections are being served, and there are too many of them.
  private var isFull: Bool { clients.withLock { $0.count > limits.connections } }

  private func serve(_ connection: HTTPConnection, client: UInt64) async {
    if isFull {
      let fault = HTTPError(503, "The studio: expected at most \(limits.connections) connections, found more.")
      _ = try? await connection.write(Self.bytes(of: HTTPResponse(fault)))
      return await connection.linger()
    }
    var isFirst = true
    while !Task.isCancelled {
      do {
        if !isFirst {
          try await withDeadline(seconds: limits.idleSeconds, HTTPError(408, "")) {
            try await connection.waitForRequest()
          }
        }
        isFirst = false
        guard let head = try await nextHead(connection) else { return }
        guard
          clients.withLock({ clients in
            clients[client]?.idleSince = nil
            return clients[client] != nil
          })
        else { return }
        let request = HTTPRequest(head: head, connection: connection, limits: limits)
        guard try await answer(request, on: connection) else { return }
        clients.withLock { $0[client]?.idleSince = .now }
      } catch let fault as HTTPError where !fault.sentence.isEmpty {
        guard (try? await connection.write(Self.bytes(of: HTTPResponse(fault)))) != nil else { return }
        return await connection.linger()
      } catch {
        return
      }
    }
  }

  private func nextHead(_ connection: HTTPConnection) async throws -> HTTPHead? {
    let seconds = limits.headSeconds
    return try await withDeadline(
      seconds: seconds, HTTPError(408, "The request: expected its head within \(Int(seconds)) s, found a part of it.")
    ) { try await connection.head() }
  }

  /// - Returns: True if the connection can be used again.
  private func answer(_ request: HTTPRequest, on connection: HTTPConnection) async throws -> Bool {
    let response = await response(to: request)
    let hasUnreadBody = request.head.framing != .length(0) && !request.hasReadBody.isSet
    switch response.body {
    case .bytes(let bytes):
      let keepsAlive = request.head.keepsAlive && !hasUnreadBody
      try await connection.write(
        response.head(keepsAlive: keepsAlive) + (request.head.method == "HEAD" ? [] : bytes))
      if hasUnreadBody { await connection.linger() }
      return keepsAlive
    case .stream(let stream):
      try await connection.write(response.head(keepsAlive: false))
      try await connection.whileConnected { try await stream { try await connection.write($0) } }
      return false
    }
  }

  private func response(to request: HTTPRequest) async -> HTTPResponse {
    do {
      return try await handler(request)
    } catch let fault as HTTPError {
      return HTTPResponse(fault)
    } catch let failure as Failure {
      return HTTPResponse(HTTPError(failure))
    } catch {
      return HTTPResponse(HTTPError(500, "The studio: the request was given up."))
    }
  }

  private static func bytes(of response: HTTPResponse) -> [UInt8] {
    guard case .bytes(let bytes) = response.body else { return [] }
    return response.head(keepsAlive: false) + bytes
  }
}
