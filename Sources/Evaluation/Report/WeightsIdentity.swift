/// The name and the hash of the weights that a report is about.
package struct WeightsIdentity: Equatable, Sendable {
  /// A description for people: a path, and what is known of it.
  package let name: String
  /// The same for the same weights, whatever file they come from.
  package let hash: String

  package init(name: String, hash: String) {
    self.name = name
    self.hash = hash
  }
}
