/// Where a certain generator can have attention, and where it has which.
struct AttentionPlan {
  let entries: [AttentionEntry]
  let sites: [AttentionSite]

  /// - Precondition: Every entry is at one of the sites.
  init(_ entries: [AttentionEntry], sites: [AttentionSite]) {
    self.entries = entries
    self.sites = sites
  }

  /// Where an entry is.
  func site(of entry: AttentionEntry) -> AttentionSite {
    guard let site = sites.first(where: { $0.place == entry.place && $0.scale == entry.scale }) else {
      preconditionFailure("AttentionPlan: there is no \(entry.place.rawValue) of scale \(entry.scale)")
    }
    return site
  }

  /// By how many channels what comes into the decoder's layers of a scale is wider.
  func channelsSkipping(to scale: Int) -> Int {
    entries.filter { $0.place == .skip && $0.scale == scale }
      .reduce(0) { $0 + $1.kind.recipe.skippingChannels(at: site(of: $1)) }
  }
}
