import NeuralNetworks
import Support

/// One attention of a generator: an element of `model.attention`.
package struct AttentionEntry: Hashable, Sendable {
  /// The value of `kind`.
  package let name: String
  package let part: GeneratorPart
  /// The scale of the site; see `AttentionSite`.
  package let scale: Int
  /// The file that a fresh model's parameters are read from; nil if there is none.
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

  /// Contextual attention, with the model's own options.
  static func contextual(at part: GeneratorPart, scale: Int) -> AttentionEntry {
    AttentionEntry("contextual", ContextualFactory(), at: part, scale: scale)
  }

  /// External spatial attention as published, for square pictures of a size.
  static func externalSpatial(at part: GeneratorPart, scale: Int, pictureSize: Int) -> AttentionEntry {
    AttentionEntry("espa", ExternalSpatialFactory(featureSize: pictureSize / scale), at: part, scale: scale)
  }

  /// The same for square pictures of another size.
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
  ///   - sites: All sites of the generator; of those in one part the first is meant if nothing is said.
  ///   - usual: The value if the key is absent.
  ///   - pictureSize: The height and width of the pictures of a run; nil where there is none.
  /// - Throws: `Failure` of the kind `configuration` for an unknown kind, a site that the generator does not have, or
  ///   sizes that do not go together.
  init(_ model: JSONReader, sites: [AttentionSite], usual: JSONValue, pictureSize: Int?) throws {
    self = try model.objects("attention", count: 0...32, default: usual).map { reader in
      let site = try AttentionSite(reader, among: sites)
      let (name, factory) = try AttentionRegistry.factory(reader, at: site, pictureSize: pictureSize)
      let weights = try type(of: factory).isPorted ? AttentionWeights(reader) : nil
      return AttentionEntry(name, factory, at: site.part, scale: site.scale, weights: weights)
    }
    for site in sites where site.part == .skip {
      guard filter({ $0.part == .skip && $0.scale == site.scale }).count < 2 else {
        throw model.failure("`attention` has two entries \(site.description): a skip takes one")
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
      throw reader.failure("`scale` must be one of \(scales) \(candidates[0].part.description), and is \(scale)")
    }
    self = site
  }
}

/// The attention that a certain generator has, and the sites where it could have some.
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

  /// The number of channels that are added to those of the decoder's layers at a scale.
  func addedChannels(atScale scale: Int) -> Int {
    entries.filter { $0.part == .skip && $0.scale == scale }
      .reduce(0) { $0 + $1.factory.addedChannels(at: site(of: $1)) }
  }
}
