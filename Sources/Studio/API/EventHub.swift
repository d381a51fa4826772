import Support
import Synchronization

/// Events for every page that listens: `GET /api/v1/events`, server-sent.
///
/// - `queue`: the positions of all fillings, `[{"job": "…", "ahead": 0, "done": 1, "count": 3}]`.
/// - `runs`: the runs that have changed, as `/api/v1/runs` has them.
final class EventHub: Sendable {
  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
  }

  /// Events that are kept for a page that does not read; of more, the oldest are dropped.
  private static let backlog = 64

  private let state = Mutex(State())

  var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

  func send(_ event: String, _ value: JSONValue) { send(Array("event: \(event)\ndata: \(value.write())\n\n".utf8)) }

  /// A comment, by which a connection that is gone is found.
  func sendComment() { send(Array(":\n\n".utf8)) }

  private func send(_ bytes: [UInt8]) {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield(bytes) }
  }

  /// A response that begins with an event and goes on with all that follow.
  func response(first event: String, _ value: JSONValue) -> HTTPResponse {
    HTTPResponse(
      stream: { write in
        let (events, continuation) = AsyncStream.makeStream(
          of: [UInt8].self, bufferingPolicy: .bufferingNewest(Self.backlog))
        let number = self.state.withLock { state in
          state.next += 1
          state.listeners[state.next] = continuation
          return state.next
        }
        defer { _ = self.state.withLock { $0.listeners.removeValue(forKey: number) } }
        try await write(Array("retry: 2000\nevent: \(event)\ndata: \(value.write())\n\n".utf8))
        for await bytes in events { try await write(bytes) }
      }, type: "text/event-stream")
  }
}
