import Support

/// The settings of a benchmark beside its configuration.
package struct BenchmarkOptions {
  /// Nil for what is usual, and of `size` and `threads` what the configuration says.
  package var batch: Int?
  package var size: Int?
  package var threads: Int?
  package var steps: Int?
  /// True to measure something small, to see that it works.
  package var isQuick = false
  /// True to measure the step with one thread, two, four and so on, too.
  package var measuresScaling = false
  /// True to measure the matrix products of a step on both back ends, too.
  package var measuresProducts = false
  /// True to measure nothing but filling.
  package var fillsOnly = false
  /// Changes to the configuration.
  package var overrides: [JSONOverride] = []

  private let spelling: Setting.Spelling

  /// - Parameter spelling: The names that messages have for these options.
  package init(spelling: @escaping Setting.Spelling = { $0.inProgram }) { self.spelling = spelling }

  /// Steps that are not measured: memory is fetched and caches are filled in them.
  var warmUp: Int { isQuick ? 1 : 2 }

  var measuredSteps: Int { steps ?? (isQuick ? 2 : 5) }
  var measuredFillings: Int { isQuick ? 2 : 10 }

  /// Makes a run end after so many steps, all of them of its first phase.
  ///
  /// - Throws: `Failure` of the kind `usage` if a section is no object.
  func limit(_ json: inout JSONValue, toSteps steps: Int) throws {
    func set(_ path: String, _ value: JSONValue) throws {
      try JSONOverride(label: spelling(Setting("steps")), path: path, value: value).apply(to: &json)
    }
    try set("training.steps", JSONValue(steps))
    guard case .array(let phases)? = json["training"]?["phases"]?.content, let first = phases.first else { return }
    try set("training.phases", JSONValue([first]))
    try set("training.phases.0.steps", JSONValue(steps))
  }

  /// The configuration to measure: what is trained is unchanged, and nothing is written or validated on the way.
  ///
  /// Pictures of another size get boxes for holes, for those of the configuration may not fit.
  ///
  /// - Throws: `Failure` of the kind `usage`.
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
