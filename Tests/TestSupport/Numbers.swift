import Foundation
package import Tensors

/// scale · sin(frequency · i + phase) + offset for i in 0..<count: numbers without symmetry that need no generator.
package func wave(
  _ count: Int, frequency: Double = 0.37, phase: Double = 0.1, scale: Double = 1, offset: Double = 0
) -> [Scalar] {
  (0..<count).map { Scalar(offset + scale * sin(frequency * Double($0) + phase)) }
}

/// The largest absolute difference of two arrays of the same length; infinite if a value is NaN.
package func largestDifference(_ left: [Scalar], _ right: [Scalar]) -> Double {
  precondition(left.count == right.count, "largestDifference: \(left.count) and \(right.count) elements")
  var worst = 0.0
  for (left, right) in zip(left, right) {
    let difference = Swift.abs(Double(left) - Double(right))
    if difference.isNaN { return .infinity }
    worst = Swift.max(worst, difference)
  }
  return worst
}

/// True if both arrays are equal bit for bit, so that zeros keep their sign and NaN equals itself. Expect its result, not
/// `==` of the arrays: the report of how two large arrays differ takes minutes.
package func areIdentical(_ left: [Scalar], _ right: [Scalar]) -> Bool {
  left.map(\.bitPattern) == right.map(\.bitPattern)
}

/// True for `Double`, where tolerances can be tight.
package var isDoublePrecision: Bool { MemoryLayout<Scalar>.size == 8 }

/// `float` with `Float` tensors, `double` with `Double` ones.
package func tolerance(_ float: Double, _ double: Double) -> Double { isDoublePrecision ? double : float }
