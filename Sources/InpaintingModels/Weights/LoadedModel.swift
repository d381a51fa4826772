import NeuralNetworks
package import Support
import Tensors

/// A model with weights from a file, ready to fill pictures.
package struct LoadedModel {
  /// Its networks are in evaluation mode. Those that the file does not have are fresh.
  package let model: any InpaintingModel
  /// The model's name in the registry.
  package let name: String
  /// The file that was read.
  package let path: String
  /// The side of the pictures that it was trained on, in pixels: what the file says, or 256.
  package let trainedSize: Int
  /// The result of the recognition, in one line.
  package let description: String
  /// Sixteen hexadecimal digits that are the same for the same weights, whatever file and layout they come from.
  package let hash: String
  /// The networks that the file has: `generator`, perhaps `discriminator`.
  package let networks: [String]
  /// The configuration that its weights were trained with, as far as it is known, with the whole section `model`.
  package let configuration: JSONValue
  /// The source of the weights, if a file of ours names it: a step, an average.
  let origin: String
  package let plan: WeightPlan
  let colorOrder: ColorOrder

  /// Reads weights.
  ///
  /// - Parameters:
  ///   - path: A checkpoint or a link to one, a run directory, or a file of another program: see `WeightSource`.
  ///   - colorOrder: The colors that the weights of another program expect; nil for what the file says, or else RGB.
  ///   - usesAverage: Whether the moving average is read where a checkpoint has one.
  ///   - overrides: Changes of the section `model`, for files whose layout says something else than how they were
  ///     trained.
  /// - Throws: `Failure`: `missingInput`, `inputOutput`, `data` if the file does not fit any model, `usage` for a color
  ///   order that contradicts the file.
  package init(
    path: String, colorOrder: ColorOrder? = nil, usesAverage: Bool = true, overrides: [JSONOverride] = []
  ) throws {
    try self.init(
      WeightSource(path: path), colorOrder: colorOrder, usesAverage: usesAverage, overrides: overrides)
  }

  /// Reads weights from a file that is open already.
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

  /// The phase of a run in which a checkpoint was written: networks that come later have learned nothing yet.
  private static func phase(
    of source: WeightSource, _ configuration: JSONValue?, _ model: any ModelConfiguration
  ) -> TrainingPhase? {
    guard let step = source.file.metadata("step").flatMap({ Int($0) }) else { return nil }
    guard case .array(let entries)? = configuration?["training"]?["phases"]?.content else { return model.phases.first }
    var end = 0
    for entry in entries {
      guard case .string(let name)? = entry["phase"]?.content else { return nil }
      guard case .number(let number)? = entry["steps"]?.content, let steps = number.integer else {
        // The last phase, whose end a checkpoint does not say, for it may change.
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

  /// The file's configuration, with the section `model` as it was built.
  private static func merged(_ configuration: JSONValue?, _ section: JSONValue, size: Int) -> JSONValue {
    let others = (configuration?.members ?? [JSONMember(key: "data", value: ["size": JSONValue(size)])])
    return JSONValue(
      [(key: "model", value: section)] + others.filter { $0.key != "model" }.map { (key: $0.key, value: $0.value) })
  }

  /// A step and an average, or what the file says itself.
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
