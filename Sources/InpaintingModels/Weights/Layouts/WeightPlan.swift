import NeuralNetworks
package import Support
import Tensors

/// A file of weights, the model that matches it, and the mapping from the file's tensors to the model's parameters.
package struct WeightPlan {
  package let file: WeightFile
  /// The model's name in the registry.
  package let modelName: String
  /// The layout of the file.
  package let layout: WeightLayout
  /// A model of the file's sizes and settings, with randomly initialized parameters until `load`.
  package let model: any InpaintingModel
  /// The configuration of the model.
  let configuration: any ModelConfiguration
  /// The section `model` of the model's configuration, including all defaults.
  package let section: JSONValue
  /// The keys of the section whose values the weights determine.
  package let decidedKeys: [String]
  /// The names of the networks that are in the file, in the model's order.
  package var networks: [String] { placements.map(\.layout.network) }

  /// True if some parameter is read from its moving average.
  package var readsAverage: Bool {
    placements.contains { $0.layout.tensors.contains { $0.foreign.hasPrefix("average.") } }
  }

  private let placements: [WeightPlacement]
  private let faults: WeightFaults

  /// Recognizes the model and layout of a file by the names of its tensors, and infers sizes from their shapes.
  ///
  /// - Parameters:
  ///   - section: The section `model` from the file's metadata; nil for the settings of the layout.
  ///   - overrides: Changes of the section `model`.
  /// - Throws: `Failure` of the kind `data` if no layout matches, or if tensors are missing, unexpected or misshapen;
  ///   the message then lists them all, for the best match.
  package init(recognizing file: WeightFile, section: JSONValue? = nil, overrides: [JSONOverride] = []) throws {
    var best: WeightPlan?
    for candidate in try WeightRecognition.all(in: file) {
      let settings = section?.members.map { $0.map { ($0.key, $0.value) } } ?? candidate.layout.settings
      let plan = try WeightPlan(
        file, candidate.model, settings: settings, overrides: overrides,
        shape: { network, parameter in
          candidate.placements.first { $0.layout.network == network }?.ownShape(of: parameter, in: file)
        },
        places: { _ in (candidate.layout, candidate.placements) })
      if plan.faults.count == 0 {
        self = plan
        return
      }
      if plan.faults.count < best?.faults.count ?? .max { best = plan }
    }
    guard let best else { preconditionFailure("WeightPlan: no candidate, and no failure") }
    throw best.failure
  }

  /// Makes the plan for a file in the layout of this package's checkpoints.
  ///
  /// - Parameters:
  ///   - section: The section `model` from the file's metadata, including the model's name.
  ///   - usesAverage: True to read parameters from their moving average where the file has one.
  /// - Throws: `Failure` of the kind `data` if the file does not match the model.
  package init(own file: WeightFile, section: JSONValue, usesAverage: Bool, overrides: [JSONOverride] = []) throws {
    guard case .string(let name)? = section["name"]?.content,
      let model = ModelRegistry.models.first(where: { $0.name == name })
    else { throw Failure(.data, "\(file.path): expected a model that is known here in its metadata, found none.") }
    self = try WeightPlan(
      file, model, settings: section.members?.map { ($0.key, $0.value) } ?? [], overrides: overrides,
      shape: { network, parameter in file.shape(of: network + "." + parameter) },
      places: { model in
        let layout = WeightLayout.own(model, in: file, usesAverage: usesAverage)
        return (layout, layout.networks.map { WeightPlacement(layout: $0, prefix: "") })
      })
    if faults.count > 0 { throw failure }
  }

  /// - Parameters:
  ///   - shape: The shape of a network's parameter, inferred from the file.
  ///   - places: The layout and the placements of the model's networks in the file.
  private init(
    _ file: WeightFile, _ known: (name: String, configuration: any ModelConfiguration.Type),
    settings: [(key: String, value: JSONValue)], overrides: [JSONOverride],
    shape: (_ network: String, _ parameter: String) -> Shape?,
    places: (any InpaintingModel) -> (WeightLayout, [WeightPlacement])
  ) throws {
    self.file = file
    modelName = known.name
    // The sizes come last and override the settings, so that untrusted metadata cannot ask for a network much larger
    // than the file.
    let sizes = known.configuration.settings(ofShapes: shape)
    let section = try ModelSection(
      name: known.name, settings: settings.map { ($0.key, $0.value) } + sizes, overrides: overrides, path: file.path)
    let model = section.configuration.makeModel(seed: 0)
    self.model = model
    self.section = section.resolved
    configuration = section.configuration
    (layout, placements) = places(model)
    let names = known.configuration.weightLayouts.flatMap { $0.settings.map(\.key) }
    decidedKeys = (section.resolved.members ?? []).map(\.key).filter { key in
      names.contains(key) || sizes.contains { $0.key == key && $0.value != nil }
    }
    faults = try WeightFaults(file, placements, model: model)
  }

  private var failure: Failure {
    Failure(
      .data, "\(file.path): the file does not fit \(modelName) in the layout \(layout.name): \(faults.description).")
  }

  /// Loads the weights into the model. A network that is not in the file keeps its initial parameters.
  ///
  /// - Parameter colorOrder: The color order of the pictures that the weights were trained on.
  /// - Throws: `Failure` of the kind `data` for values that are not finite, or `inputOutput`.
  package func load(colorOrder: ColorOrder) throws {
    for placement in placements {
      guard let module = model.networks.first(where: { $0.name == placement.layout.network })?.module else { continue }
      let parameters = Dictionary(uniqueKeysWithValues: module.namedParameters.map { ($0.name, $0.parameter) })
      let buffers = Dictionary(uniqueKeysWithValues: module.namedBuffers.map { ($0.name, $0.buffer) })
      for mapping in placement.layout.tensors {
        let name = placement.name(of: mapping)
        let tensor = try file.tensor(name)
        guard tensor.isFinite else {
          throw Failure(
            .data, "\(file.path): expected finite values of \(name), found others; the file is damaged or of no use.")
        }
        let shape = parameters[mapping.own]?.shape ?? buffers[mapping.own]?.value.shape ?? tensor.shape
        let value = mapping.read(tensor, shape: shape, colorOrder: colorOrder)
        parameters[mapping.own]?.assign(value)
        buffers[mapping.own]?.value = value
      }
    }
  }
}

/// The section `model` of a configuration for a file of weights.
struct ModelSection {
  let configuration: any ModelConfiguration
  /// The section including the model's name and all defaults.
  let resolved: JSONValue

  /// - Parameters:
  ///   - name: The model's name in the registry.
  ///   - settings: The keys and values; the last value of a repeated key is used. Nil removes the key, so that it has
  ///     its default.
  ///   - overrides: The user's changes of the section.
  ///   - path: The path of the file, for messages.
  /// - Throws: `Failure` of the kind `data` if the file's settings are invalid, `usage` or `configuration` if the
  ///   user's are.
  init(
    name: String, settings: [(key: String, value: JSONValue?)], overrides: [JSONOverride], path: String
  ) throws {
    var members: [(key: String, value: JSONValue)] = [("name", JSONValue(name))]
    for (key, value) in settings where key != "name" {
      members.removeAll { $0.key == key }
      if let value { members.append((key, value)) }
    }
    var json = JSONValue([("model", JSONValue(members))])
    for override in overrides { try override.apply(to: &json) }
    let root = try JSONReader(json, source: path, kind: overrides.isEmpty ? .data : .configuration)
    let section = try root.object("model")
    let type = try ModelRegistry.configuration(namedIn: section).type
    configuration = try type.init(model: section, losses: root.object("losses"), training: root.object("training"))
    try root.finish()
    resolved = section.resolved
  }
}
