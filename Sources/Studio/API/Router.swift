import Support

/// The routing of requests to handlers.
struct Router: Sendable {
  let gate: RequestGuard
  let page: PageFiles
  let fillings: FillRoute
  let runs: RunRoute
  let events: EventHub
  let examples: ExamplePictures

  /// - Throws: `HTTPError`, `Failure`.
  func response(to request: HTTPRequest) async throws -> HTTPResponse {
    let head = request.head
    if let tokenRedirect = gate.tokenRedirect(head) { return tokenRedirect }
    try gate.check(head, isAPI: head.path.first == "api")
    if let post = posts[head.path] {
      try require("POST", head)
      return try await post(request)
    }
    try require("GET", head)
    guard head.path.starts(with: ["api", "v1"]) else {
      if head.path == ["healthz"] { return HTTPResponse(json: ["status": "ok"]) }
      if let file = page.response(head.path) { return file }
      throw Self.notFound
    }
    let path = Array(head.path.dropFirst(2))
    switch (path.first, path.count) {
    case ("models", 1): return fillings.list()
    case ("models", 2...): return try await fillings.details(path.dropFirst().joined(separator: "/"), request)
    case ("runs", 1): return runs.list()
    case ("runs", 2): return try runs.run(path[1])
    case ("runs", 3) where path[2] == "metrics": return try runs.curves(path[1])
    case ("runs", 4) where path[2] == "samples": return try runs.sample(path[1], step: path[3])
    case ("events", 1): return events.response(first: "queue", Self.json(fillings.queue.positions))
    case ("examples", 2):
      return HTTPResponse(
        type: "image/png", try await examples.png(path[1]),
        fields: [HTTPField("Cache-Control", "private, max-age=3600")])
    default: throw Self.notFound
    }
  }

  private var posts: [[String]: (HTTPRequest) async throws -> HTTPResponse] {
    [
      ["api", "v1", "fill"]: fillings.fill, ["api", "v1", "labels"]: fillings.labels,
      ["api", "v1", "attention"]: fillings.attention, ["api", "v1", "read"]: fillings.read,
      ["api", "v1", "edges"]: fillings.edges,
    ]
  }

  private func require(_ method: String, _ head: HTTPHead) throws {
    guard head.method == method || (method == "GET" && head.method == "HEAD") else {
      throw HTTPError(
        405, "The request: expected the method \(method), found another one.", headers: [HTTPField("Allow", method)])
    }
  }

  private static let notFound = HTTPError(404, "The request: expected an address of the studio, found another one.")

  static func json(_ positions: [FillQueue.Position]) -> JSONValue {
    JSONValue(
      positions.map { position -> JSONValue in
        [
          "job": JSONValue(position.job), "ahead": JSONValue(position.ahead),
          "done": JSONValue(position.regions?.done ?? 0), "count": JSONValue(position.regions?.count ?? 0),
        ]
      })
  }
}
