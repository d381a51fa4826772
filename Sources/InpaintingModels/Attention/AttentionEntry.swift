import Support
import Tensors

/// One attention of a generator: an element of `model.attention`.
package struct AttentionEntry: Hashable, Sendable {
  package var place: AttentionPlace
  /// The scale of the place; see `AttentionSite`.
  package var scale: Int
  package var kind: AttentionKind

  package init(_ kind: AttentionKind, at place: AttentionPlace, scale: Int) {
    self.kind = kind
    self.place = place
    self.scale = scale
  }

  /// The same for square pictures of another size.
  func resized(toPictures size: Int) -> AttentionEntry {
    AttentionEntry(kind.resized(toFeatures: max(1, size / scale)), at: place, scale: scale)
  }
}

extension [AttentionEntry] {
  /// Reads the key `attention`.
  ///
  /// - Parameters:
  ///   - sites: Where the generator can have attention; of those at one place the first is meant if nothing is said.
  ///   - usual: What the generator has if the key is absent.
  ///   - pictureSize: The height and width of the pictures of a run; nil where there is none.
  /// - Throws: `Failure` of the kind `configuration` for an unknown kind, a place that the generator does not have, or
  ///   sizes that do not go together.
  init(_ model: JSONReader, sites: [AttentionSite], usual: JSONValue, pictureSize: Int?) throws {
    self = try model.objects("attention", count: 0...32, default: usual).map { reader in
      let site = try AttentionSite(reader, among: sites)
      let kind = try AttentionKind(reader, site: site, pictureSize: pictureSize)
      return AttentionEntry(kind, at: site.place, scale: site.scale)
    }
    for site in sites where site.place == .skip {
      guard filter({ $0.place == .skip && $0.scale == site.scale }).count < 2 else {
        throw model.failure("`attention` has two entries \(site.description): a skip takes one")
      }
    }
  }
}

extension AttentionSite {
  fileprivate init(_ reader: JSONReader, among sites: [AttentionSite]) throws {
    let places = AttentionPlace.allCases.filter { place in sites.contains { $0.place == place } }
    let name = try reader.string("at", among: places.map(\.rawValue))
    let candidates = sites.filter { $0.place.rawValue == name }
    guard candidates.count > 1 else {
      self = candidates[0]
      return
    }
    let scale = try reader.integer("scale", default: candidates[0].scale)
    guard let site = candidates.first(where: { $0.scale == scale }) else {
      let scales = candidates.map { "\($0.scale)" }.joined(separator: ", ")
      throw reader.failure("`scale` must be one of \(scales) at the \(name), and is \(scale)")
    }
    self = site
  }
}
