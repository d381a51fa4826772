import InpaintingModels
@_exported import Support

/// Trains a network as a configuration says, until its last step or an interruption.
///
/// ```swift
/// let configuration = try TrainingConfiguration(path: "quickstart.json", changes: ["training.steps=100"])
/// try train(configuration, directory: "runs/mine")
/// ```
///
/// A run that was interrupted goes on with `resume`, and writes the same checkpoints as one that was not, bit for bit. Of
/// two processes that would write into one folder, the second is refused. Whatever fails between the first step and the
/// last, the weights are saved before it is thrown.
///
/// - Parameters:
///   - configuration: The model, its data and its training.
///   - directory: The folder for metrics, samples and checkpoints. Weights for filling are read from it.
///   - resume: True to resume the run in the folder from its newest intact checkpoint; if false, there may be none.
///   - initialWeights: The weights that a new run begins with: a checkpoint, a run directory, or a file of another
///     program.
///   - maxMinutes: The minutes of training after which it stops, with a checkpoint; nil if it does not.
///   - interruption: Ends the run when it is asked to, after the step is finished and a checkpoint written; or asks for
///     a checkpoint at once.
///   - isSilent: True to keep progress and warnings from standard error.
/// - Returns: True if the last step was done.
/// - Throws: `Failure`: for everything that is wrong with the configuration, the data or the folder before training
///   begins; of the kind `exists` if another process trains in the folder, `data` if a loss or a gradient is not finite,
///   `inputOutput` if writing fails.
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
  ///   - path: JSON with comments.
  ///   - changes: Values for single keys in place of the file's, such as `training.steps=100`.
  /// - Throws: `Failure` of the kind `missingInput` or `inputOutput`; `configuration` for an unknown key, a wrong type
  ///   or a value out of range; `usage` for a change that is none.
  public init(path: String, changes: [String] = []) throws {
    try self.init(JSONValue(configurationAt: path), source: path, changes: changes)
  }

  /// Reads a configuration from text.
  ///
  /// - Throws: As `init(path:changes:)`.
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
