import InpaintingModels
@_exported import Support

/// Trains the networks of a configuration until the last step, an interruption or a time limit.
///
/// ```swift
/// let configuration = try TrainingConfiguration(path: "quickstart.json", changes: ["training.steps=100"])
/// try train(configuration, directory: "runs/mine")
/// ```
///
/// A run that was interrupted is continued with `resume`, and then writes the checkpoints of an uninterrupted run, bit for
/// bit. A run directory is locked: a second process that would write into it throws. If training fails, the weights of the
/// last completed step are saved if possible before the failure is thrown; after a loss or gradient that is not finite, the
/// last checkpoint is kept instead.
///
/// - Parameters:
///   - configuration: The settings of the model, the data and the training.
///   - directory: The run directory, for metrics, sample sheets and checkpoints. `Inpainter` reads weights from it.
///   - resume: True to resume the run in the directory from its newest intact checkpoint; false to start a new run, for
///     which the directory must not contain one.
///   - initialWeights: The path of pretrained weights for a new run: a checkpoint, a run directory, or a file of another
///     program; nil for random initialization.
///   - maxMinutes: The minutes of training after which a checkpoint is saved and the run stops; nil for no limit.
///   - interruption: Stops the run on request, after the current step is completed and a checkpoint saved; or requests a
///     checkpoint after the current step while training continues.
///   - isSilent: True to print neither progress nor warnings to standard error.
/// - Returns: True if the last step is done; false if the run was stopped before.
/// - Throws: `Failure`, before the first step for errors in the configuration, the data or the directory; of the kind
///   `exists` if the directory has a run already or another process trains in it, `data` if a loss or a gradient is not
///   finite, `inputOutput` if writing fails.
@discardableResult
public func train(
  _ configuration: TrainingConfiguration, directory: String, resume: Bool = false, initialWeights: String? = nil,
  maxMinutes: Double? = nil, interruption: Interruption = Interruption(), isSilent: Bool = false
) throws -> Bool {
  if resume, let initialWeights {
    throw Failure(
      .usage,
      sentence: """
        \(setting: .initialWeights, initialWeights): expected none, as \(setting: .resume, "true") goes on with a run, and \
        they start a new one; leave one of them out.
        """)
  }
  let console: Console = isSilent ? .silent : .standardError
  let run = try TrainingRun(
    configuration, directory: RunDirectory(directory), resume: resume ? .newest : nil,
    initialWeights: try initialWeights.map { try LoadedModel(WeightSource(path: $0, console: console)) },
    timeLimit: maxMinutes.map { .seconds($0 * 60) }, interruption: interruption, console: console)
  return try run.run() == .finished
}

extension TrainingConfiguration {
  /// Reads a configuration from a file.
  ///
  /// - Parameters:
  ///   - path: The path of a JSON file, which may have comments.
  ///   - changes: Overrides of single keys, such as `training.steps=100`.
  /// - Throws: `Failure` of the kind `missingInput` or `inputOutput`; `configuration` for an unknown key, a wrong type
  ///   or a value out of range; `usage` for an override that cannot be parsed.
  public init(path: String, changes: [String] = []) throws {
    try self.init(JSONValue(configurationAt: path), source: path, changes: changes)
  }

  /// Reads a configuration from text.
  ///
  /// - Parameters:
  ///   - text: JSON, which may have comments.
  ///   - changes: Overrides of single keys, such as `training.steps=100`.
  /// - Throws: `Failure` of the kind `configuration` or `usage`, as `init(path:changes:)`.
  public init(text: String, changes: [String] = []) throws {
    let source = "the configuration"
    try self.init(JSONValue(configuration: Array(text.utf8), source: source), source: source, changes: changes)
  }

  private init(_ json: JSONValue, source: String, changes: [String]) throws {
    var json = json
    for change in changes { try JSONOverride(parsing: change, from: "changes").apply(to: &json) }
    try self.init(json, source: source)
  }
}
