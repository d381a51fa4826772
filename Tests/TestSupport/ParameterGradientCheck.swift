package import Tensors

extension GradientCheck {
  /// The largest error of a scalar expression's gradient with respect to parameters, against central finite differences,
  /// relative to the larger of 1 and the value.
  ///
  /// - Parameter samples: The number of elements of each parameter that are tried, spread over it.
  package static func largestError(
    at parameters: [Parameter], samples: Int = .max, of expression: () -> Tensor
  ) -> Double {
    let analytic = valueWithGradient(at: parameters, in: expression).gradient
    let step: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-5 : 1e-2
    var worst = 0.0
    for (parameter, gradient) in zip(parameters, analytic) {
      let count = parameter.shape.elementCount
      for element in stride(from: 0, to: count, by: max(1, count / min(samples, count))) {
        func value(shiftedBy shift: Scalar) -> Double {
          parameter.update { $0[element] += shift }
          return Double(expression().scalar)
        }
        let own = parameter.value
        let (upper, lower) = (value(shiftedBy: step), value(shiftedBy: -2 * step))
        parameter.assign(own)
        let numeric = (upper - lower) / (2 * Double(step))
        let found = Double(gradient.elements[element])
        if found.isNaN || numeric.isNaN { return .infinity }
        worst = max(worst, abs(found - numeric) / max(1, abs(numeric)))
      }
    }
    return worst
  }

  /// True if scalars have 64 bits, so that finite differences of deep networks mean something.
  package static var isExact: Bool { MemoryLayout<Scalar>.size == 8 }

  /// The order to which functions with kinks can be checked: the steps that `Float` needs may lead across one, and the
  /// slope of a slope jumps there.
  package static var orderBesideKinks: Int { isExact ? 2 : 1 }
}
