import Foundation

/// A mean with its 95 % confidence interval, by Student's distribution.
package struct MeanInterval: Equatable, Sendable {
  package let mean: Double
  /// The interval is `mean` ± this; nil for a single number.
  package let halfWidth: Double?
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

/// Student's t distribution (Gosset, 1908).
enum StudentDistribution {
  /// The value that a variable's magnitude stays below with the given probability.
  static func quantile(twoSided probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0 && probability > 0 && probability < 1, "StudentDistribution: no such quantile")
    var (low, high) = (0.0, 1.0)
    while self.probability(below: high, degreesOfFreedom) < probability { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.probability(below: middle, degreesOfFreedom) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The probability that a variable's magnitude is below `t`: the finite series of Abramowitz and Stegun, "Handbook of
  /// Mathematical Functions" (1964), 26.7.3 and 26.7.4.
  private static func probability(below t: Double, _ degrees: Int) -> Double {
    let root = (Double(degrees) + t * t).squareRoot()
    let (sine, squaredCosine) = (t / root, Double(degrees) / (root * root))
    let isOdd = degrees % 2 == 1
    var term = isOdd ? squaredCosine.squareRoot() : 1
    var sum = 0.0
    for order in stride(from: isOdd ? 3 : 2, through: degrees, by: 2) {
      sum += term
      term *= squaredCosine * Double(order - 1) / Double(order)
    }
    return isOdd ? 2 / .pi * (asin(sine) + sine * sum) : sine * sum
  }
}
