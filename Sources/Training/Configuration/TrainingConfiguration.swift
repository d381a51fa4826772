import InpaintingData
package import InpaintingModels
import Support

/// A configuration of a training run: model, losses, data, holes, optimizers and training, read from JSON and validated.
public struct TrainingConfiguration {
  /// The model's name in the registry.
  package let modelName: String
  package let model: any ModelConfiguration
  package let data: DataConfiguration
  package let holes: HoleSettings
  /// The phases of the run, in their order; at least one.
  package let phases: [RunPhase]
  package let training: RunConfiguration
  /// The configuration as JSON with every default filled in, as `config.json` of the run directory holds it.
  package let resolved: JSONValue

  /// Reads a configuration. Unknown keys are errors.
  ///
  /// - Parameter source: The path of the file, for error messages.
  /// - Throws: `Failure` of the kind `configuration` for an unknown key, a wrong type or a value out of range.
  package init(_ json: JSONValue, source: String) throws {
    let root = try JSONReader(json.withLabelsSpelledOut, source: source)
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
    let entries = try RunPhase.Entry.all(in: trainingSection, model: model)
    training = try RunConfiguration(trainingSection, phaseSteps: entries?.last?.steps.upperBound)
    guard training.keepBest == nil || data.validationCount > 0 else {
      throw dataSection.failure("`validation_count`: expected 1 or more, as `keep_best` compares validations, found 0")
    }
    let (model, steps, possible) = (model, training.steps, model.phases)
    let optimizers = try model.networkNames.map { network in
      let phase = possible.first { $0.networks.contains(network) } ?? possible[0]
      return try OptimizerConfiguration(
        optimizersSection.object(network), network: network,
        defaultLearningRate: model.learningRate(of: network, in: phase),
        trainingSteps: steps)
    }
    phases =
      try entries?.map { try RunPhase($0, optimizers: optimizersSection, model: model) }
      ?? [RunPhase(possible[0], steps: 0..<steps, optimizers: optimizers)]
    try root.finish()
    resolved = root.resolved.withOptimizersOfPhases(written: json["optimizers"])
  }

  /// Checks that the data has the conditions (edges, labels) that the model takes.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the section `data` has a condition that the model does not take, or
  ///   lacks one that the model needs.
  package func requireWantedConditions() throws {
    let wanted = model.conditions.map(\.name)
    if let unwanted = data.conditions.first(where: { !wanted.contains($0.key) }) {
      let taken = wanted.isEmpty ? "no conditions" : wanted.joined(separator: ", ")
      throw Failure(
        .configuration,
        "`data.\(unwanted.key)`: expected none, as the model takes \(taken); leave it out, or configure a model that takes "
          + "\(unwanted.key).")
    }
    try model.requireConditions(data.conditions)
  }
}
