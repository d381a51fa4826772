/// What a run has done.
package struct InpaintingSummary: Equatable, Sendable {
  /// Pictures that were filled or copied.
  package internal(set) var done = 0
  /// Pictures that could not be used.
  package internal(set) var skipped = 0
  /// Pictures that were left alone because their results exist.
  package internal(set) var existing = 0
  /// What became of the one picture that the command line named; nil for a folder.
  package internal(set) var outcome: String?

  /// Whether every picture has its result.
  package var isComplete: Bool { skipped == 0 }

  /// For the person at the terminal.
  package var line: String {
    if let outcome { return outcome }
    let counts = "\(done) done, \(skipped + existing) skipped"
    return existing == 0
      ? counts : counts + " (\(existing) because the output exists; --overwrite replaces such files)"
  }
}
