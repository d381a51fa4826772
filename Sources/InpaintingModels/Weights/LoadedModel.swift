import NeuralNetworks
package import Support
import Tensors

/// A model with weights from a file, ready for inference.
package struct LoadedModel {
  /// The model, in evaluation mode. Networks that the file does not have are randomly initialized.
  package let model: any InpaintingModel
  /// The model's name in the registry.
  package let name: String
  /// The path of the file that was read.
  package let path: String
  /// The height and width of the training pictures in pixels, from the file's metadata; 256 if it has none.
  package let trainedSize: Int
  /// A summary of model, layout and networks, in one line.
  package let description: String
  /// A checksum of the loaded parameters and buffers, sixteen hexadecimal digits, which does not depend on the file's
  /// layout.
  package let hash: String
  /// The names of the networks that the file has, such as `generator` and `discriminator`.
  package let networks: [String]
  /// The configuration of the training run, as far as the file's metadata has it, with the complete section `model`.
  package let configuration: JSONValue
  /// The origin of the weights, such as the step and whether they are a moving average; empty if the file does not say.
  let origin: String
  package let plan: WeightPlan
  let colorOrder: ColorOrder

  /// Loads a model from a path.
  ///
  /// - Parameters:
  ///   - path: A checkpoint or a link to one, a run directory, or another implementation's file: see `WeightSource`.
  ///   - colorOrder: The color order that the weights expect; nil for the one in the file's metadata, or else RGB.
  ///   - usesAverage: True to read parameters from their moving average where a checkpoint has one.
  ///   - overrides: Changes of the section `model`, for weights that were trained with other settings than their
  ///     layout's.
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, `data` if the file matches no model, or `usage` for
  ///   a color order that contradicts the file.
  package init(
    path: String, colorOrder: ColorOrder? = nil, usesAverage: Bool = true, overrides: [JSONOverride] = []
  ) throws {
    try self.init(
      WeightSource(path: path), colorOrder: colorOrder, usesAverage: usesAverage, overrides: overrides)
  }

  /// Loads a model from an opened file. The parameters and errors are those of `init(path:)`.
  package init(
    _ source: WeightSource, colorOrder: ColorOrder? = nil, usesAverage: Bool = true, overrides: [JSONOverride] = []
  ) throws {
    let file = source.file
    let configuration = try source.configuration()
    self.colorOrder = try source.colorOrder(colorOrder)
    plan =
      try source.isOwn
      ? WeightPlan(
        own: file, section: configuration?["model"] ?? [:], usesAverage: usesAverage, overrides: overrides)
      : WeightPlan(recognizing: file, section: configuration?["model"], overrides: overrides)
    model = plan.model
    name = plan.modelName
    path = file.path
    networks = plan.networks
    guard let first = model.networks.first, networks.contains(first.name) else {
      throw Failure(
        .data,
        "\(path): expected a \(model.networks.first?.name ?? "network"), found only \(networks.joined(separator: ", "))."
      )
    }
    try plan.load(colorOrder: self.colorOrder)
    for network in model.networks { network.module.setTraining(false) }
    if let phase = Self.phase(of: source, configuration, plan.configuration) { model.begin(phase) }
    trainedSize = Self.size(in: configuration)
    self.configuration = Self.merged(configuration, plan.section, size: trainedSize)
    origin = Self.origin(of: source, averaged: plan.readsAverage)
    hash = Self.hash(of: model, networks)
    let layout = source.isOwn ? "" : " in the layout \(plan.layout.name) (\(plan.layout.origin))"
    let colors = self.colorOrder == .bgr ? ", colors in the order blue, green, red" : ""
    let from = origin.isEmpty ? "" : ", \(origin)"
    description = "\(name)\(layout)\(from): \(networks.joined(separator: " and "))\(colors)"
  }

  /// The training phase in which a checkpoint was written, because networks of later phases are still untrained.
  private static func phase(
    of source: WeightSource, _ configuration: JSONValue?, _ model: any ModelConfiguration
  ) -> TrainingPhase? {
    guard let step = source.file.metadata("step").flatMap({ Int($0) }) else { return nil }
    guard case .array(let entries)? = configuration?["training"]?["phases"]?.content else { return model.phases.first }
    var end = 0
    for entry in entries {
      guard case .string(let name)? = entry["phase"]?.content else { return nil }
      guard case .number(let number)? = entry["steps"]?.content, let steps = number.integer else {
        // The last phase has no number of steps in a checkpoint, since a resumed run may change it.
        return model.phases.first { $0.name == name }
      }
      (end, _) = end.addingReportingOverflow(steps)
      if step <= end { return model.phases.first { $0.name == name } }
    }
    return nil
  }

  private static func size(in configuration: JSONValue?) -> Int {
    guard case .number(let number)? = configuration?["data"]?["size"]?.content, let size = number.integer,
      (8...4096).contains(size)
    else { return 256 }
    return size
  }

  /// The file's configuration, with its section `model` replaced by the resolved one.
  private static func merged(_ configuration: JSONValue?, _ section: JSONValue, size: Int) -> JSONValue {
    let others = (configuration?.members ?? [JSONMember(key: "data", value: ["size": JSONValue(size)])])
    return JSONValue(
      [(key: "model", value: section)] + others.filter { $0.key != "model" }.map { (key: $0.key, value: $0.value) })
  }

  /// The origin in the file's metadata, or a phrase such as "moving average after step 1000".
  private static func origin(of source: WeightSource, averaged: Bool) -> String {
    if let told = source.file.metadata("origin") { return told }
    guard let step = source.file.metadata("step") else { return "" }
    return (averaged ? "moving average after step " : "after step ") + step
  }

  private static func hash(of model: any InpaintingModel, _ networks: [String]) -> String {
    var checksum = Checksum()
    for network in model.networks where networks.contains(network.name) {
      for entry in network.module.namedParameters { entry.parameter.value.withElements { checksum.add($0) } }
      for entry in network.module.namedBuffers { entry.buffer.value.withElements { checksum.add($0) } }
    }
    return checksum.text
  }
}
