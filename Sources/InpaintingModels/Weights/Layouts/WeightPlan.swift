import NeuralNetworks
package import Support
import Tensors

/// A file of weights, the model that it suits, and what goes where.
package struct WeightPlan {
  package let file: WeightFile
  /// The model's name in the registry.
  package let modelName: String
  /// The layout that the file has.
  package let layout: WeightLayout
  /// A model of the file's sizes and settings, with fresh parameters until `load`.
  package let model: any InpaintingModel
  /// That of the model.
  let configuration: any ModelConfiguration
  /// The section `model` of a configuration that makes such a model, every default filled in.
  package let section: JSONValue
  /// The keys of that section that the weights need to be as they are.
  package let decidedKeys: [String]
  /// The names of the networks that are in the file, in the model's order.
  package var networks: [String] { placements.map(\.layout.network) }

  /// True if a moving average is read in place of any parameter.
  package var readsAverage: Bool {
    placements.contains { $0.layout.tensors.contains { $0.foreign.hasPrefix("average.") } }
  }

  private let placements: [WeightPlacement]
  private let faults: WeightFaults

  /// Finds out whose weights a file holds, by the names of its tensors; sizes follow from their shapes.
  ///
  /// - Parameters:
  ///   - section: The section `model` if the file says it itself; nil for what the layout's own program computes.
  ///   - overrides: Changes of that section.
  /// - Throws: `Failure` of the kind `data` if it is like nothing that is known, or if it does not fit: then with all
  ///   names that are missing, unexpected or have another shape than in the model that it is most like.
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

  /// For a file with the names that checkpoints have here.
  ///
  /// - Parameters:
  ///   - section: What the file's metadata says of the model, its name included.
  ///   - usesAverage: Whether the moving average is read where there is one.
  /// - Throws: `Failure` of the kind `data` if the file does not fit.
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
  ///   - shape: The shape that a parameter of a network has, to judge by the file.
  ///   - places: Where the file has the model's networks.
  private init(
    _ file: WeightFile, _ known: (name: String, configuration: any ModelConfiguration.Type),
    settings: [(key: String, value: JSONValue)], overrides: [JSONOverride],
    shape: (_ network: String, _ parameter: String) -> Shape?,
    places: (any InpaintingModel) -> (WeightLayout, [WeightPlacement])
  ) throws {
    self.file = file
    modelName = known.name
    // Last, so that nothing that a file says can ask for a network much larger than the file.
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

  /// Reads the weights into the model. A network that is not in the file keeps its fresh parameters.
  ///
  /// - Parameter colorOrder: That of the pictures that the file's weights were trained on.
  /// - Throws: `Failure` of the kind `data` for numbers that are not finite, or `inputOutput`.
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

/// The section `model` of a configuration, put together for a file of weights.
struct ModelSection {
  let configuration: any ModelConfiguration
  /// The section with its name and every default filled in.
  let resolved: JSONValue

  /// - Parameters:
  ///   - name: The model's name in the registry.
  ///   - settings: Keys and values; of a key that is there several times, the last counts. Nil takes the key away, so
  ///     that it has its default.
  ///   - overrides: What the user wants to be otherwise.
  ///   - path: The file, for messages.
  /// - Throws: `Failure` of the kind `data` if the file's settings are none, `usage` or `configuration` if the user's are
  ///   none.
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
