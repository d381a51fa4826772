package import NeuralNetworks
import Support
package import Tensors

/// The configuration of one attention layer of a generator: an element of `model.attention`.
package struct AttentionEntry: Hashable, Sendable {
  /// The value of the key `kind`.
  package let name: String
  package let part: GeneratorPart
  /// The scale of the site; see `AttentionSite`.
  package let scale: Int
  /// The file of pretrained weights for this layer; nil if the configuration names none.
  package let weights: AttentionWeights?
  let factory: any AttentionFactory

  init(
    _ name: String, _ factory: any AttentionFactory, at part: GeneratorPart, scale: Int,
    weights: AttentionWeights? = nil
  ) {
    self.name = name
    self.part = part
    self.scale = scale
    self.weights = weights
    self.factory = factory
  }

  /// Contextual attention, with the options of the model's configuration.
  static func contextual(at part: GeneratorPart, scale: Int) -> AttentionEntry {
    AttentionEntry("contextual", ContextualFactory(), at: part, scale: scale)
  }

  /// External spatial attention as published, for square pictures of `pictureSize` pixels.
  static func externalSpatial(at part: GeneratorPart, scale: Int, pictureSize: Int) -> AttentionEntry {
    AttentionEntry("espa", ExternalSpatialFactory(featureSize: pictureSize / scale), at: part, scale: scale)
  }

  /// The entry for square pictures of another size.
  func resized(toPictures size: Int) -> AttentionEntry {
    let resized: any AttentionFactory = factory.resized(toFeatures: max(1, size / scale))
    return AttentionEntry(name, resized, at: part, scale: scale, weights: weights)
  }

  package static func == (left: AttentionEntry, right: AttentionEntry) -> Bool {
    left.name == right.name && left.part == right.part && left.scale == right.scale && left.weights == right.weights
      && AnyHashable(left.factory) == AnyHashable(right.factory)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(part)
    hasher.combine(scale)
    hasher.combine(weights)
    hasher.combine(AnyHashable(factory))
  }
}

extension [AttentionEntry] {
  /// Reads the key `attention`.
  ///
  /// - Parameters:
  ///   - sites: All sites of the generator. If a part has several, the first is the default of the key `scale`.
  ///   - usual: The default, for an absent key.
  ///   - pictureSize: The height and width of the training pictures; nil outside of a training run.
  /// - Throws: `Failure` of the kind `configuration` for an unknown kind, a site that the generator does not have, or
  ///   sizes that do not match.
  init(_ model: JSONReader, sites: [AttentionSite], usual: JSONValue, pictureSize: Int?) throws {
    self = try model.objects("attention", count: 0...32, default: usual).map { reader in
      let site = try AttentionSite(reader, among: sites)
      let (name, factory) = try AttentionRegistry.factory(reader, at: site, pictureSize: pictureSize)
      let weights = try type(of: factory).isPorted ? AttentionWeights(reader) : nil
      return AttentionEntry(name, factory, at: site.part, scale: site.scale, weights: weights)
    }
    for site in sites where site.part == .skip {
      guard filter({ $0.part == .skip && $0.scale == site.scale }).count < 2 else {
        throw model.failure("`attention`: expected one entry \(site.description), as a skip takes one, found more")
      }
    }
  }
}

extension AttentionSite {
  fileprivate init(_ reader: JSONReader, among sites: [AttentionSite]) throws {
    let parts = GeneratorPart.allCases.filter { part in sites.contains { $0.part == part } }
    let name = try reader.string("at", among: parts.map(\.rawValue))
    let candidates = sites.filter { $0.part.rawValue == name }
    guard candidates.count > 1 else {
      self = candidates[0]
      return
    }
    let scale = try reader.integer("scale", default: candidates[0].scale)
    guard let site = candidates.first(where: { $0.scale == scale }) else {
      let scales = candidates.map { "\($0.scale)" }.joined(separator: ", ")
      throw reader.failure("`scale`: expected one of \(scales) \(candidates[0].part.description), found \(scale)")
    }
    self = site
  }
}

/// The attention layers of a generator, and all its sites for attention.
struct AttentionPlan {
  let entries: [AttentionEntry]
  let sites: [AttentionSite]

  /// - Precondition: Every entry is at one of the sites.
  init(_ entries: [AttentionEntry], sites: [AttentionSite]) {
    self.entries = entries
    self.sites = sites
  }

  /// The site of an entry.
  func site(of entry: AttentionEntry) -> AttentionSite {
    guard let site = sites.first(where: { $0.part == entry.part && $0.scale == entry.scale }) else {
      preconditionFailure("AttentionPlan: there is no \(entry.part.rawValue) of scale \(entry.scale)")
    }
    return site
  }

  /// The number of channels that skip connections with attention add to the decoder's features at a scale.
  func addedChannels(atScale scale: Int) -> Int {
    entries.filter { $0.part == .skip && $0.scale == scale }
      .reduce(0) { $0 + $1.factory.addedChannels(at: site(of: $1)) }
  }
}

/// An attention layer in a generator: its kind, its cost and its attention maps.
package struct AttentionInsertion {
  package let site: AttentionSite
  package let parameterCount: Int
  let number: Int
  let entry: AttentionEntry
  let layer: PlacedAttention

  init(_ number: Int, _ entry: AttentionEntry, at site: AttentionSite, _ layer: PlacedAttention) {
    self.number = number
    self.entry = entry
    self.site = site
    self.layer = layer
    parameterCount = layer.module.parameterCount
  }

  /// The value of the key `kind` in configurations.
  package var kind: String { entry.name }

  /// The file of pretrained weights for this layer; nil if the configuration names none.
  package var weights: AttentionWeights? { entry.weights }

  /// The number of multiply-adds for a square picture of `pictureSize` pixels.
  package func multiplyAdds(pictureSize: Int) -> Int {
    let size = max(1, pictureSize / site.scale)
    return layer.multiplyAdds(height: size, width: size, channels: site.channels)
  }

  /// The attention weights of one query position over all positions, for each picture.
  ///
  /// - Returns: [batch, height, width], where height and width are the features' or fractions of them; nil if the layer
  ///   has no such map.
  package func weights(ofRow row: Int, column: Int, in observation: AttentionObservation) -> Tensor? {
    guard case .features(let attention) = layer, let input = observation.input(of: number) else { return nil }
    return attention.weights(ofRow: row, column: column, in: input.features, input.inputs)
  }

  /// The argmax of the attention weights of every position, one map for each picture; nil for layers that can only
  /// compute the weights of one position at a time.
  package func argmaxMaps(in observation: AttentionObservation) -> [AttentionMap]? {
    guard case .features(let attention) = layer, let input = observation.input(of: number) else { return nil }
    return attention.argmaxMaps(input.features, input.inputs)
  }
}

/// A recording of the inputs of a generator's attention layers during a forward pass, from which attention maps can be
/// computed. Nothing is recorded outside of `init(of:)`.
///
/// ```swift
/// let observation = AttentionObservation { _ = model.fill(batch) }
/// let weights = model.insertions[0].weights(ofRow: 3, column: 4, in: observation)
/// ```
package final class AttentionObservation {
  typealias Input = (features: Tensor, inputs: AttentionInputs)

  /// The inputs of each layer, by the layer's index in the configuration.
  private var inputs: [Int: Input] = [:]

  @TaskLocal private static var collector: Collector?

  private struct Collector: @unchecked Sendable {
    // Sendable in practice: only the task that created the collector writes to it.
    unowned let observation: AttentionObservation
  }

  /// Records the attention inputs while a closure runs.
  ///
  /// - Parameter function: A closure that runs the forward pass.
  package init(of function: () -> Void) {
    Self.$collector.withValue(Collector(observation: self), operation: function)
  }

  /// Runs a closure without recording, and returns its value.
  static func paused<Value>(_ function: () -> Value) -> Value { $collector.withValue(nil, operation: function) }

  func input(of number: Int) -> Input? { inputs[number] }

  static func note(_ number: Int, _ features: Tensor, _ inputs: AttentionInputs) {
    collector?.observation.inputs[number] = (features.detached(), inputs)
  }
}

/// The keys `weights` and `prefix` of an element of `model.attention`: a file of a public port's weights with which a
/// new attention layer is initialized.
package struct AttentionWeights: Hashable, Sendable {
  /// A safetensors or PyTorch file.
  package let path: String
  /// The prefix of the layer's names in the file of a larger network, such as `refine_attn.`.
  package let prefix: String
  /// The path of the key in the configuration, for error messages.
  let key: String

  /// Reads the keys; nil if `weights` is absent. Defaults of absent keys are not added to the saved configuration.
  ///
  /// - Throws: `Failure` of the kind `configuration` for a wrong type.
  init?(_ reader: JSONReader) throws {
    guard let weights = reader.value("weights") else { return nil }
    path = try weights.string()
    prefix = try reader.value("prefix")?.string() ?? ""
    key = weights.keyPath
  }

  /// Loads the file into the parameters and buffers of an attention layer. Other tensors of the file are ignored, since
  /// it may hold a whole network.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` that names every tensor that is missing,
  ///   has another shape, or holds values that are not finite; the module is then unchanged.
  func load(into module: any PortedModule) throws {
    do {
      let file = try WeightFile(path: path)
      try module.load(from: path, prefix: prefix) { try file.tensorIfAny($0) }
    } catch let failure as Failure {
      throw Failure(failure.kind, "`\(key)`: \(failure.message)")
    }
  }
}
