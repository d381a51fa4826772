/// Repeated measurements of one thing.
struct Samples {
  let values: [Double]

  /// - Precondition: there is at least one.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "Samples: nothing was measured")
    self.values = values
  }

  /// The middle value, or the mean of the middle two: robust against the few that something disturbed.
  var median: Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  var minimum: Double { values.min() ?? .nan }
}
