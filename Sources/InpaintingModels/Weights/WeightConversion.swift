import InpaintingData
import NeuralNetworks
import Support
import Tensors

extension Setting {
  fileprivate static let output = Setting("output")
}

/// The conversion of weights to another layout, without any change of values.
package struct WeightConversion {
  /// Warnings for the users of the file, a sentence each.
  package let warnings: [String]
  /// A summary of the written tensors, in one line.
  package let description: String

  /// The path of the file that the weights come from.
  private let source: String
  private let tensors: [(name: String, value: Tensor)]
  private let metadata: [(key: String, value: String)]

  /// - Parameters:
  ///   - weights: The model to write; only networks that its file has are written.
  ///   - layout: The name of one of the model's layouts, or `kintsugi`.
  ///   - colorOrder: The color order that the written weights expect; the layout `kintsugi` allows RGB only.
  ///   - generatorOnly: True to write only the first network, the generator.
  /// - Throws: `Failure` of the kind `usage` for an unknown layout, or one that does not fit the model or the color
  ///   order.
  package init(
    _ weights: LoadedModel, to layout: String, colorOrder: ColorOrder = .rgb, generatorOnly: Bool = false
  ) throws {
    let layout = try WeightLayout.named(layout, for: weights.plan)
    guard layout.name != WeightLayout.ownName || colorOrder == .rgb else {
      throw Failure(
        .usage, "the layout \(layout.name): expected no color order, as its files have red first; leave it out.")
    }
    source = weights.path
    let wanted = generatorOnly ? Array(weights.networks.prefix(1)) : weights.networks
    let networks = wanted.filter { name in layout.networks.contains { $0.network == name } }
    tensors = layout.tensors(of: weights.model, networks: networks, colorOrder: colorOrder)
    var checksum = Checksum()
    for tensor in tensors { tensor.value.withElements { checksum.add($0) } }
    metadata = [
      ("format", WeightSource.convertedFormat), ("layout", layout.name), ("model", weights.name),
      ("networks", networks.joined(separator: " ")), ("color_order", colorOrder.rawValue),
      ("origin", weights.origin), ("configuration", weights.configuration.write()), ("checksum", checksum.text),
    ]
    warnings = Self.warnings(weights, layout) + Self.omissions(weights, layout, wanted: wanted)
    description =
      "\(weights.name) in the layout \(layout.name), \(colorOrder.rawValue): \(tensors.count) tensors of "
      + networks.joined(separator: " and ")
  }

  /// A warning about settings with which the layout's implementation computes another function than the model, if there
  /// are any.
  private static func warnings(_ weights: LoadedModel, _ layout: WeightLayout) -> [String] {
    let differences = layout.settings.compactMap { key, value -> String? in
      guard let own = weights.plan.section[key], own != value else { return nil }
      return "model.\(key) is \(own.write()), and \(value.write()) there"
    }
    guard !differences.isEmpty else { return [] }
    return [
      "\(layout.origin) computes something else with these weights, and fills worse: "
        + differences.joined(separator: ", ") + "; Kintsugi reads the difference from the file's metadata."
    ]
  }

  /// A warning about the networks and parts of networks that the layout's implementation does not have, if there are
  /// any.
  private static func omissions(_ weights: LoadedModel, _ layout: WeightLayout, wanted: [String]) -> [String] {
    let networks = wanted.filter { name in !layout.networks.contains { $0.network == name } }
    let parts = layout.networks.flatMap { network in
      let module = weights.model.networks.first { wanted.contains($0.name) && $0.name == network.network }?.module
      return network.omitted.filter { part in
        module?.namedParameters.contains { $0.name.hasPrefix(part) } ?? false
      }
      .map { "\(network.network).\($0.dropLast())" }
    }
    guard !(networks + parts).isEmpty else { return [] }
    return ["\(layout.origin) has no \((networks + parts).joined(separator: " and ")): left out."]
  }

  /// Writes a safetensors file, and creates its folder if it does not exist.
  ///
  /// - Throws: `Failure` of the kind `usage` if the path ends in `.pth` or `.pt`, or leads to the file that the weights
  ///   come from; `inputOutput`.
  package func write(to path: String) throws {
    if let ending = [".pth", ".pt"].first(where: { path.hasSuffix($0) }) {
      throw Failure(
        .usage, "\(path): expected a name that ends in .safetensors, found \(ending); PyTorch reads safetensors files.")
    }
    let (input, output) = (source, CheckpointPointer.target(of: path))
    if let identity = FileStatus(ofPath: output)?.identity, identity == FileStatus(ofPath: input)?.identity {
      throw Failure(
        .usage,
        sentence: "\(path): the output would replace the input \(input); name another file with \(setting: .output).")
    }
    try FileWriter.createFolder(Path.parent(of: path))
    try SafeTensorsWriter.write(tensors.map { ($0.name, $0.value.shape) }, metadata: metadata, to: path) {
      index, write in
      try tensors[index].value.withElements { try write($0) }
    }
  }
}
