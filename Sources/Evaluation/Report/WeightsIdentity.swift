/// Which weights a report is about.
public struct WeightsIdentity: Equatable, Sendable {
  /// What people call them: a path, and what is known of it.
  public let name: String
  /// The same for the same weights, whatever file they come from.
  public let hash: String

  public init(name: String, hash: String) {
    self.name = name
    self.hash = hash
  }
}
