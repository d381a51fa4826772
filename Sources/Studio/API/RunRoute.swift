import Support
import Synchronization

/// `GET /api/v1/runs/…`: the files of runs, during training and after.
struct RunRoute: Sendable {
  let catalog: RunCatalog
  let metrics: RunMetrics

  func list() -> HTTPResponse {
    HTTPResponse(json: ["runs": JSONValue(catalog.runs.map(Self.json))])
  }

  func run(_ name: String) throws -> HTTPResponse { HTTPResponse(json: Self.json(try catalog.run(name))) }

  /// The curves of a run: `{"curves": [{"name": "generator", "steps": […], "values": […]}]}`.
  func curves(_ name: String) throws -> HTTPResponse {
    let curves = try metrics.curves(of: try catalog.run(name).metrics)
    return HTTPResponse(json: [
      "curves": JSONValue(
        curves.map { curve -> JSONValue in
          [
            "name": JSONValue(curve.name), "steps": JSONValue(curve.points.map { JSONValue($0.step) }),
            "values": JSONValue(curve.points.map { JSONValue($0.value) }),
          ]
        })
    ])
  }

  /// A contact sheet of samples, as a PNG file.
  func sample(_ name: String, step: String) throws -> HTTPResponse {
    let run = try catalog.run(name)
    guard let step = Int(step), run.samples.contains(step) else {
      throw HTTPError(404, "The sample sheet: expected a step of the run's list, found another one.")
    }
    return HTTPResponse(
      type: "image/png", try FileReader.read(run.sample(step: step), limit: 256 << 20),
      fields: [HTTPField("Cache-Control", "private, max-age=3600")])
  }

  static func json(_ run: Run) -> JSONValue {
    [
      "name": JSONValue(run.name), "checkpoints": JSONValue(run.checkpoints.map { JSONValue($0) }),
      "best": run.best.map { JSONValue($0) } ?? nil, "samples": JSONValue(run.samples.map { JSONValue($0) }),
      "metrics_size": JSONValue(run.metricsSize),
    ]
  }
}

/// Server-sent events for all listening pages: `GET /api/v1/events`.
///
/// - `queue`: the positions of all jobs, `[{"job": "…", "ahead": 0, "done": 1, "count": 3}]`.
/// - `runs`: the runs that have changed, in the form of `/api/v1/runs`.
final class EventHub: Sendable {
  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
  }

  /// The maximum number of events buffered for a slow page; the oldest are dropped.
  private static let backlog = 64

  private let state = Mutex(State())

  var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

  func send(_ event: String, _ value: JSONValue) { send(Array("event: \(event)\ndata: \(value.write())\n\n".utf8)) }

  /// Sends a comment, which reveals closed connections.
  func sendComment() { send(Array(":\n\n".utf8)) }

  private func send(_ bytes: [UInt8]) {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield(bytes) }
  }

  /// A response with a first event and all events that follow.
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
