import Support

/// What a benchmark is told beside its configuration.
package struct BenchmarkOptions {
  /// The flags of the command line; nil where there was none.
  package var batch: Int?
  package var size: Int?
  package var threads: Int?
  package var steps: Int?
  /// Whether to measure something small, to see that it works.
  package var isQuick = false
  /// Whether to measure the step with one thread, two, four and so on, too.
  package var measuresScaling = false
  /// Whether to measure the matrix products of a step on both back ends, too.
  package var measuresProducts = false
  /// Whether to measure nothing but filling.
  package var fillsOnly = false
  /// Changes to the configuration, as `--set` gives them.
  package var overrides: [JSONOverride] = []

  package init() {}

  /// Steps that are not measured: memory is fetched and caches are filled in them.
  var warmUp: Int { isQuick ? 1 : 2 }

  var measuredSteps: Int { steps ?? (isQuick ? 2 : 5) }
  var measuredFillings: Int { isQuick ? 2 : 10 }

  /// The configuration to measure: what is trained is unchanged, and nothing is written or validated on the way.
  ///
  /// Pictures of another size get boxes for holes, for those of the configuration may not fit.
  ///
  /// - Throws: `Failure` of the kind `usage`.
  func apply(to configuration: JSONValue) throws -> JSONValue {
    let most = 1_000_000
    guard (1...most).contains(measuredSteps) else {
      throw Failure(.usage, "--steps: expected a number of steps in 1...\(most), found \(measuredSteps).")
    }
    var json = configuration
    func set(_ path: String, _ value: JSONValue, flag: String) throws {
      try JSONOverride(flag: flag, path: path, value: value).apply(to: &json)
    }
    if let size = size ?? (isQuick ? 64 : nil) {
      try set("data.size", JSONValue(size), flag: "--size")
      try set("holes", ["kind": "box"], flag: "--size")
    }
    for change in overrides { try change.apply(to: &json) }
    try set("training.batch_size", JSONValue(batch ?? (isQuick ? 2 : 4)), flag: "--batch")
    if let threads { try set("training.threads", JSONValue(threads), flag: "--threads") }
    try set("training.steps", JSONValue(warmUp + measuredSteps), flag: "--steps")
    for key in ["data.validation_count", "training.sample_every", "training.validate_every"] {
      try set(key, 0, flag: "the benchmark")
    }
    try set("training.checkpoint_every", 0, flag: "the benchmark")
    return json
  }
}
