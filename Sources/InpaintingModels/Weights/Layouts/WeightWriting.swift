import NeuralNetworks
import Support
package import Tensors

extension WeightLayout {
  /// Looks up a layout by name for a model: one that its configuration declares, or the one of this package's
  /// checkpoints.
  ///
  /// - Throws: `Failure` of the kind `usage` that lists the known names, or says why the model cannot be written in
  ///   this layout.
  package static func named(_ name: String, for plan: WeightPlan) throws -> WeightLayout {
    let declared = ModelRegistry.models.first { $0.name == plan.modelName }?.configuration.weightLayouts ?? []
    let all = declared + [own(plan.model)]
    if let layout = all.first(where: { $0.name == name }) {
      try layout.requirePlaces(for: plan.model, modelName: plan.modelName)
      try layout.requireStart(of: plan)
      return layout
    }
    throw Failure(
      .usage,
      "the layout: expected one of \(all.map(\.name).joined(separator: ", ")) for \(plan.modelName), found "
        + "\(JSONValue(name).write()).")
  }

  /// Throws if the model and the layout do not have the same parameters and buffers.
  private func requirePlaces(for model: any InpaintingModel, modelName: String) throws {
    for layout in networks {
      guard let module = model.networks.first(where: { $0.name == layout.network })?.module else { continue }
      let own = (module.namedParameters.map(\.name) + module.namedBuffers.map(\.name)).filter { name in
        !layout.omitted.contains { name.hasPrefix($0) }
      }
      let places = layout.tensors.map(\.own)
      guard let odd = own.first(where: { !places.contains($0) }) ?? places.first(where: { !own.contains($0) }) else {
        continue
      }
      throw Failure(
        .usage,
        "the layout \(name): it is of another \(modelName), as \(layout.network).\(odd) is in one of the two only; its own "
          + "settings are \(settings.map { "model.\($0.key) \($0.value.write())" }.joined(separator: ", ")).")
    }
  }

  /// Throws if the model predicts residuals on an initial fill that the layout's implementation does not have.
  private func requireStart(of plan: WeightPlan) throws {
    guard let start = settings.first(where: { $0.key == "start" })?.value, let own = plan.section["start"], own != start
    else { return }
    throw Failure(
      .usage,
      "the layout \(name): it is of a program without the start of these weights, expected model.start \(start.write()), "
        + "found \(own.write()).")
  }

  /// A model's tensors with the names and dimension orders of this layout.
  ///
  /// - Parameters:
  ///   - networks: The names of the networks to write. With several networks, names begin with the prefix of each
  ///     network's layout.
  ///   - colorOrder: The color order of the pictures that the written weights expect.
  package func tensors(
    of model: any InpaintingModel, networks names: [String], colorOrder: ColorOrder
  ) -> [(name: String, value: Tensor)] {
    let written = networks.filter { names.contains($0.network) }
    return written.flatMap { layout -> [(name: String, value: Tensor)] in
      guard let module = model.networks.first(where: { $0.name == layout.network })?.module else { return [] }
      let values = module.namedParameters.map { ($0.name, $0.parameter.value) }
      let own = Dictionary(
        uniqueKeysWithValues: values + module.namedBuffers.map { ($0.name, $0.buffer.value) })
      let prefix = written.count > 1 ? layout.prefix : ""
      let tensors = layout.tensors.compactMap { mapping in
        own[mapping.own].map { (prefix + mapping.foreign, mapping.written($0, colorOrder: colorOrder)) }
      }
      let constants = layout.constants + layout.ones(shapes: own.mapValues(\.shape))
      return tensors + constants.map { (prefix + $0.name, $0.value) }
    }
  }
}
