/// The name a person may have meant.
package enum NearestName {
  /// The candidate nearest to `name` by edit distance (the first of equals), nil if none is within a third of its
  /// length: farther ones only confuse.
  package static func of(_ name: String, among candidates: [String]) -> String? {
    let limit = max(1, name.utf8.count / 3)
    // Nobody mistypes a name of a thousand letters, and the distance takes the product of the lengths.
    guard name.utf8.count <= 64 else { return nil }
    var nearest: (name: String, distance: Int)?
    for candidate in candidates where abs(candidate.utf8.count - name.utf8.count) <= limit {
      let distance = editDistance(Array(name.lowercased().utf8), Array(candidate.lowercased().utf8))
      if distance <= limit, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    return nearest?.name
  }

  /// The number of bytes that must be inserted, removed, replaced or swapped with a neighbor (the optimal string
  /// alignment distance: Damerau, 1964; Levenshtein, 1966).
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, older[column - 1] + 1)
        }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
