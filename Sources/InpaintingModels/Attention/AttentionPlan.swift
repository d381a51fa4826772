import NeuralNetworks

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
