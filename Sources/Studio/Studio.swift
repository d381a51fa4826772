import Imaging
package import Inpainting
import InpaintingModels
import Support
import Synchronization

/// A web server with a page for painting and filling holes, and with the API that the page uses.
package struct Studio: Sendable {
  /// The settings of a studio.
  package struct Options: Sendable {
    /// The address of this machine to listen at.
    package var host = "127.0.0.1"
    /// The port; 0 for any free one.
    package var port = 8190
    /// Files of weights, run directories or checkpoints.
    package var weights: [String] = []
    /// The folder of runs; nil for none.
    package var runs: String?
    /// The directory of a run to follow; nil for none.
    package var watched: String?
    /// The maximum number of waiting fills.
    package var queueLimit = 8
    package var maxMegapixels = 100

    package init() {}
  }

  /// The address to open, with its token if there is one.
  package let address: String
  private let server: HTTPServer
  private let events: EventHub
  private let catalog: RunCatalog

  /// Checks the options, and starts listening.
  ///
  /// - Parameter load: Reads weights.
  /// - Throws: `Failure` of the kind `usage` for options out of range, `missingInput` for weights, runs or a page that
  ///   is not there, `inputOutput` if the port is taken.
  package init(
    _ options: Options,
    load: @escaping @Sendable (_ path: String) throws -> Inpainter = { try Inpainter(weights: $0) }
  ) throws {
    try self.init(options, limits: HTTPLimits(), page: PageFiles(), load: load)
  }

  init(
    _ options: Options, limits: HTTPLimits, page: PageFiles,
    load: @escaping @Sendable (_ path: String) throws -> Inpainter
  ) throws {
    try Self.check(options)
    let events = EventHub()
    let catalog = RunCatalog(folder: options.runs, watched: options.watched)
    let token = RequestGuard.isLoopback(options.host) ? nil : RequestGuard.makeToken()
    let fillings = FillRoute(
      catalog: ModelCatalog(weights: options.weights, runs: catalog), models: LoadedModels(load: load),
      queue: FillQueue(limit: options.queueLimit) { events.send("queue", Router.json($0)) },
      maxMegapixels: options.maxMegapixels)
    let runs = RunRoute(catalog: catalog, metrics: RunMetrics())
    let examples = ExamplePictures()
    // The guard needs the port, which is known only once the server listens.
    let port = DeferredValue<Int>()
    server = try HTTPServer(host: options.host, port: options.port, limits: limits) { request in
      let gate = RequestGuard(
        host: options.host, machine: ProcessIdentity.hostName, port: port.value ?? options.port, token: token)
      return try await Router(
        gate: gate, page: page, fillings: fillings, runs: runs, events: events, examples: examples
      ).response(to: request)
    }
    port.value = server.port
    self.events = events
    self.catalog = catalog
    let name = options.host.contains(":") ? "[\(options.host)]" : options.host
    let shown = ["0.0.0.0", "[::]"].contains(name) ? ProcessIdentity.hostName : name
    address = "http://\(shown):\(server.port)/" + (token.map { "?token=\($0)" } ?? "")
  }

  private static func check(_ options: Options) throws {
    try Setting("port").require(options.port, in: 0...65535)
    try Setting("queue").require(options.queueLimit, in: 0...1000)
    try Setting("maxMegapixels").require(options.maxMegapixels, in: 1...1000)
    for path in options.weights where !Path.exists(path) {
      throw Failure(.missingInput, "\(path): expected weights, found nothing there.")
    }
    if let runs = options.runs, !Path.isFolder(runs) {
      throw Failure(.missingInput, "\(runs): expected a folder of runs, found none.")
    }
    if let watched = options.watched, !Path.isFolder(watched) {
      throw Failure(.missingInput, "\(watched): expected a run directory, found none.")
    }
  }

  /// Serves until the task is canceled.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await server.run() }
      group.addTask { try await follow() }
      try await group.next()
    }
  }

  /// Polls the runs once a second while there are listeners, and sends changes to them.
  private func follow() async throws {
    var known: [Run] = []
    var count = 0
    while true {
      try await Task.sleep(nanoseconds: 1_000_000_000)
      count += 1
      guard events.hasListeners else { continue }
      if count.isMultiple(of: 15) { events.sendComment() }
      let runs = catalog.runs
      let changed = runs.filter { !known.contains($0) }
      if !changed.isEmpty, !known.isEmpty || count > 1 {
        events.send("runs", JSONValue(changed.map(RunRoute.json)))
      }
      known = runs
    }
  }
}

/// A value that is set later, once.
private final class DeferredValue<Value: Sendable>: Sendable {
  private let contents = Mutex<Value?>(nil)

  var value: Value? {
    get { contents.withLock { $0 } }
    set { contents.withLock { $0 = newValue } }
  }
}
