import Foundation

/// Student's t distribution (Gosset, 1908).
enum StudentDistribution {
  /// The value that a variable's magnitude stays below with the probability given.
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
