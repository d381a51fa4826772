package import Tensors

/// Compares gradients with central finite differences, at order 1 and 2, for every input.
///
/// The function's result is weighted by fixed numbers and summed, so that every element of it counts; the gradient is
/// then weighted and summed in the same way, and differentiated in its turn.
package enum GradientCheck {
  /// The largest error of the gradient of `function` and of the gradient's gradient, at any element of any input,
  /// relative to the larger of 1 and the value.
  ///
  /// - Parameter order: 1 checks the gradient alone, 2 the gradient of the gradient of every input as well.
  package static func largestError(at inputs: [Tensor], order: Int = 2, of function: @escaping ([Tensor]) -> Tensor)
    -> Double
  {
    let scalar: ([Tensor]) -> Tensor = { weighted(function($0), by: 1) }
    var worst = firstOrderError(at: inputs, of: scalar)
    if order > 1 {
      for index in inputs.indices {
        let slope: ([Tensor]) -> Tensor = { arguments in
          weighted(gradient(at: arguments, of: scalar)[index], by: 2 + index)
        }
        worst = max(worst, firstOrderError(at: inputs, of: slope))
      }
    }
    return worst
  }

  /// The tolerance of the scalar type: 1e-6 in `Double`; in `Float` finite differences themselves are this far off.
  package static var tolerance: Double { MemoryLayout<Scalar>.size == 8 ? 1e-6 : 5e-2 }

  private static var step: Scalar { MemoryLayout<Scalar>.size == 8 ? 1e-5 : 1e-2 }

  private static func firstOrderError(at inputs: [Tensor], of scalar: ([Tensor]) -> Tensor) -> Double {
    let analytic = gradient(at: inputs, of: scalar)
    var worst = 0.0
    for (index, input) in inputs.enumerated() {
      for element in 0..<input.count {
        func value(shiftedBy shift: Scalar) -> Double {
          var moved = inputs
          moved[index] = input.detached()
          moved[index].withMutableElements { $0[element] += shift }
          return Double(scalar(moved).scalar)
        }
        let numeric = (value(shiftedBy: step) - value(shiftedBy: -step)) / (2 * Double(step))
        let found = Double(analytic[index].elements[element])
        worst = max(worst, abs(found - numeric) / max(1, abs(numeric)))
        if found.isNaN || numeric.isNaN { return .infinity }
      }
    }
    return worst
  }

  private static func weighted(_ x: Tensor, by frequency: Int) -> Tensor {
    (x * Tensor.wave(x.shape, frequency: 0.7 * Double(frequency), phase: 0.3)).sum()
  }
}
