extension Collection where Element: Equatable {
  /// Tells whether other elements are in here, one behind the other.
  func contains(sequence other: some Collection<Element>) -> Bool {
    indices.contains { self[$0...].starts(with: other) }
  }
}
