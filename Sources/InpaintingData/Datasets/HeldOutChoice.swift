import Support

/// The members of a list of names that are held out: those whose hash is small, about one in 20.
struct HeldOutChoice {
  let indices: Set<Int>

  /// - Parameters:
  ///   - names: What is chosen from; only their bytes count, not their order.
  ///   - limit: The most to choose; of more, those with the smallest hashes. At least one name is chosen if there are
  ///     two, and at least one is left.
  init(names: [String], limit: Int) {
    let most = min(limit, names.count - 1)
    guard most > 0 else {
      indices = []
      return
    }
    let ranked = names.enumerated().map { (index: $0.offset, hash: HeldOutChoice.hash($0.element), name: $0.element) }
      .sorted {
        if $0.hash != $1.hash { return $0.hash < $1.hash }
        return $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    let chosen = ranked.prefix { $0.hash < UInt64.max / 20 }.prefix(most)
    indices = Set((chosen.isEmpty ? ranked.prefix(1) : chosen).map(\.index))
  }

  /// 64 well-mixed bits of a name's bytes, the same on every machine.
  private static func hash(_ name: String) -> UInt64 {
    var stream = RandomStream(seed: 0, purpose: "held out " + name)
    return stream.next()
  }
}
