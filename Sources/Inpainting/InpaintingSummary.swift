import Support

/// The number of pictures by what a run has made of them.
package struct InpaintingSummary: Equatable, Sendable {
  /// Pictures that were filled or copied.
  package internal(set) var done = 0
  /// Pictures that could not be used.
  package internal(set) var skipped = 0
  /// Pictures that were left alone because their results exist.
  package internal(set) var existing = 0
  /// The outcome for the one picture that was named; nil for a folder.
  package internal(set) var outcome: String?

  /// True if every picture has its result.
  package var isComplete: Bool { skipped == 0 }

  package var line: Sentence {
    if let outcome { return Sentence(outcome) }
    let counts = "\(done) done, \(skipped + existing) skipped"
    if existing == 0 { return Sentence(counts) }
    return
      "\(counts) (\(existing) because the output exists; \(setting: .overwrites, "true") replaces such files)"
  }
}
