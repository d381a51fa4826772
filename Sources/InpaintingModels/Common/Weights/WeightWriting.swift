import NeuralNetworks
import Tensors

extension WeightLayout {
  /// The layout of a name for a model: one that its configuration declares, or that of checkpoints here.
  ///
  /// - Throws: `Failure` of the kind `usage` that lists the names there are.
  public static func named(_ name: String, for plan: WeightPlan) throws -> WeightLayout {
    let declared = ModelRegistry.models.first { $0.name == plan.modelName }?.configuration.weightLayouts ?? []
    let all = declared + [own(plan.model)]
    if let layout = all.first(where: { $0.name == name }) { return layout }
    throw Failure(
      .usage,
      "There is no layout \(JSONValue(name).write()) for \(plan.modelName): expected one of "
        + all.map(\.name).joined(separator: ", ") + ".")
  }

  /// A model's tensors under the names and in the arrangement of this layout.
  ///
  /// - Parameters:
  ///   - networks: The names of those to write. Where a program keeps networks in dictionaries of their own, the
  ///     dictionary's name comes first if there are several.
  ///   - colourOrder: That of the pictures that the weights are for.
  public func tensors(
    of model: any InpaintingModel, networks names: [String], colourOrder: ColourOrder
  ) -> [(name: String, value: Tensor)] {
    let written = networks.filter { names.contains($0.network) }
    return written.flatMap { layout -> [(name: String, value: Tensor)] in
      guard let module = model.networks.first(where: { $0.name == layout.network })?.module else { return [] }
      let values = module.namedParameters.map { ($0.name, $0.parameter.value) }
      let own = Dictionary(
        uniqueKeysWithValues: values + module.namedBuffers.map { ($0.name, $0.buffer.value) })
      let prefix = written.count > 1 ? layout.prefix : ""
      let tensors = layout.tensors.compactMap { mapping in
        own[mapping.own].map { (prefix + mapping.foreign, mapping.written($0, colourOrder: colourOrder)) }
      }
      return tensors + layout.constants.map { (prefix + $0.name, $0.value) }
    }
  }
}
