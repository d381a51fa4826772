import Support

/// The options of a benchmark, in addition to the configuration that it measures.
package struct BenchmarkOptions {
  /// The batch size; nil for 4, or 2 if `isQuick`.
  package var batch: Int?
  /// The height and width of pictures; nil for the configuration's, or 64 if `isQuick`.
  package var size: Int?
  /// The number of threads; nil for the configuration's.
  package var threads: Int?
  /// The number of measured training steps; nil for 5, or 2 if `isQuick`.
  package var steps: Int?
  /// True for a small measurement that only shows that the benchmark works.
  package var isQuick = false
  /// True to measure training steps with 1, 2, 4 and so on threads, too.
  package var measuresScaling = false
  /// True to measure the matrix products of a training step on both GEMM back ends, too.
  package var measuresProducts = false
  /// True to measure inference only.
  package var fillsOnly = false
  /// The changes to the configuration.
  package var overrides: [JSONOverride] = []

  private let spelling: Setting.Spelling

  /// - Parameter spelling: The names of these options in messages.
  package init(spelling: @escaping Setting.Spelling = { $0.inProgram }) { self.spelling = spelling }

  /// The number of warm-up steps, which are not measured: memory is allocated and caches are filled in them.
  var warmUp: Int { isQuick ? 1 : 2 }

  var measuredSteps: Int { steps ?? (isQuick ? 2 : 5) }
  var measuredFillings: Int { isQuick ? 2 : 10 }

  /// Limits training to `steps` steps, all in its first phase.
  ///
  /// - Throws: `Failure` of the kind `usage` if a section of the configuration is not an object.
  func limit(_ json: inout JSONValue, toSteps steps: Int) throws {
    func set(_ path: String, _ value: JSONValue) throws {
      try JSONOverride(label: spelling(Setting("steps")), path: path, value: value).apply(to: &json)
    }
    try set("training.steps", JSONValue(steps))
    guard case .array(let phases)? = json["training"]?["phases"]?.content, let first = phases.first else { return }
    try set("training.phases", JSONValue([first]))
    try set("training.phases.0.steps", JSONValue(steps))
  }

  /// The configuration to measure: the same networks and losses, without validation, samples and checkpoints.
  ///
  /// With another picture size, holes are boxes, because the configuration's holes may not fit.
  ///
  /// - Throws: `Failure` of the kind `usage` if an option or a change is invalid.
  func apply(to configuration: JSONValue) throws -> JSONValue {
    try Setting("steps").require(measuredSteps, in: 1...1_000_000)
    var json = configuration
    func set(_ path: String, _ value: JSONValue, option: String? = nil) throws {
      let label = option.map { spelling(Setting($0)) } ?? "the benchmark"
      try JSONOverride(label: label, path: path, value: value).apply(to: &json)
    }
    if let size = size ?? (isQuick ? 64 : nil) {
      try set("data.size", JSONValue(size), option: "size")
      try set("holes", ["kind": "box"], option: "size")
    }
    for change in overrides { try change.apply(to: &json) }
    try set("training.batch_size", JSONValue(batch ?? (isQuick ? 2 : 4)), option: "batch")
    if let threads { try set("training.threads", JSONValue(threads), option: "threads") }
    try limit(&json, toSteps: warmUp + measuredSteps)
    for key in ["data.validation_count", "training.sample_every", "training.validate_every"] {
      try set(key, 0)
    }
    try set("training.checkpoint_every", 0)
    try set("training.keep_best", JSONValue(.null))
    return json
  }
}
