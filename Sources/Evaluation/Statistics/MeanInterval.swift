/// A mean with its 95 % confidence interval, by Student's distribution.
package struct MeanInterval: Equatable, Sendable {
  /// The arithmetic mean.
  package let mean: Double
  /// The interval is `mean` ± this; nil for a single number, which says nothing about the spread.
  package let halfWidth: Double?
  /// Of how many numbers.
  package let count: Int

  /// Nil if there are no numbers. They are added up in their order.
  package init?(of numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    count = numbers.count
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    self.mean = mean
    guard numbers.count > 1 else {
      halfWidth = nil
      return
    }
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
    halfWidth = standardError * StudentDistribution.quantile(twoSided: 0.95, degreesOfFreedom: count - 1)
  }

  /// The definition in words.
  package static let definition =
    "Means are over the pictures, each counting the same; ± is the 95 % confidence interval of the mean by Student's "
    + "distribution."
}
