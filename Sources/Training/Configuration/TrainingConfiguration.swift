import InpaintingData
import InpaintingModels
import Support

/// Everything that a configuration file says, checked.
public struct TrainingConfiguration {
  /// The model's name in the registry.
  package let modelName: String
  package let model: any ModelConfiguration
  package let data: DataConfiguration
  package let holes: HoleSettings
  package let optimizers: [OptimizerConfiguration]
  package let training: RunConfiguration
  /// The whole configuration with every default filled in: what `config.json` of the run directory holds.
  package let resolved: JSONValue

  /// Reads a configuration strictly.
  ///
  /// - Parameter source: What messages call it: the file's path.
  /// - Throws: `Failure` of the kind `configuration` for an unknown key, a wrong type or a value out of range.
  package init(_ json: JSONValue, source: String) throws {
    let root = try JSONReader(json, source: source)
    let modelSection = try root.object("model")
    let dataSection = try root.object("data")
    let holesSection = try root.object("holes")
    let lossesSection = try root.object("losses")
    let optimizersSection = try root.object("optimizers")
    let trainingSection = try root.object("training")
    let (name, modelType) = try ModelRegistry.configuration(namedIn: modelSection)
    modelName = name
    data = try DataConfiguration(dataSection)
    model = try modelType.init(
      model: modelSection, losses: lossesSection, training: trainingSection, pictureSize: data.size)
    try data.requireMultiple(of: model.sizeMultiple, in: dataSection)
    holes = try HoleSettings(holesSection, pictureSize: data.size)
    training = try RunConfiguration(trainingSection)
    guard training.keepBest == nil || data.validationCount > 0 else {
      throw dataSection.failure("`keep_best` compares validations, and a `validation_count` of 0 leaves none")
    }
    let (model, steps) = (model, training.steps)
    optimizers = try modelType.networkNames.map {
      try OptimizerConfiguration(
        optimizersSection.object($0), network: $0, usualRate: model.learningRate(of: $0), trainingSteps: steps)
    }
    try root.finish()
    resolved = root.resolved
  }

  /// - Throws: `Failure` of the kind `configuration` if conditions are given that the model does not take, or if it needs some
  ///   that are not given.
  package func requireWantedConditions() throws {
    let wanted = model.conditions.map(\.name)
    if let unwanted = data.conditions.first(where: { !wanted.contains($0.key) }) {
      let taken = wanted.isEmpty ? "no conditions" : wanted.joined(separator: ", ")
      throw Failure(
        .configuration,
        "`data.\(unwanted.key)` is given, and the model takes \(taken): leave it out, or configure a model that takes "
          + "\(unwanted.key).")
    }
    try model.requireConditions(data.conditions)
  }

  /// What the numbers of a run depend on: the configuration without what only says how far, how often, with how many
  /// threads and with how much memory. Two runs that agree in it agree bit for bit at every step.
  package var arithmetic: JSONValue { resolved.removing(Self.circumstances) }

  /// The same of an older run that was written down with fewer keys: those that there were not yet have their defaults.
  ///
  /// - Parameter written: What `arithmetic` was then.
  func arithmetic(of written: JSONValue) -> JSONValue {
    var whole = written
    for keys in Self.circumstances {
      guard let value = keys.reduce(Optional(resolved), { $0?[$1] }) else { continue }
      try? JSONOverride(label: "a default", path: keys.joined(separator: "."), value: value).apply(to: &whole)
    }
    return (try? TrainingConfiguration(whole, source: "an older run").arithmetic) ?? written
  }

  /// What only says how far, how often, with how many threads and with how much memory.
  private static let circumstances = [
    ["data", "workers"], ["data", "validation_count"], ["training", "threads"], ["training", "steps"],
    ["training", "checkpoint_every"], ["training", "sample_every"], ["training", "validate_every"],
    ["training", "keep_checkpoints"], ["training", "keep_best"], ["training", "checkpoint_activations"],
  ]
}
