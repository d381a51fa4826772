/// The formats of the originals' files: what was compressed before counts among the conditions of a measurement.
struct FileTypeTally {
  private var counts: [String: Int] = [:]

  /// - Parameter type: Such as `JPEG`; nil of a built-in picture.
  mutating func add(_ type: String?) { counts[type ?? "built-in", default: 0] += 1 }

  /// Such as `95 JPEG, 5 PNG`: the most frequent first, then by name.
  var text: String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
