import Kernels

// Element-wise functions of one argument.

extension Tensor {
  /// A tensor of the same shape that `kernel` computes from (count, elements, result).
  func mapped(_ kernel: (Int, Source, Destination) -> Void) -> Tensor {
    Tensor(shape: shape) { out in kernel(count, source, out.baseAddress!) }
  }
}

package func exp(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.exponential($0, $1, into: $2) }
    .recorded(keepingOutput: true, from: (x, { cotangent, y in cotangent * y }))
}

/// The natural logarithm: −∞ at 0, not a number below.
package func log(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.logarithm($0, $1, into: $2) }.recorded(from: (x, { cotangent, _ in cotangent / x }))
}

package func square(_ x: Tensor) -> Tensor { x * x }

/// The square root. Its slope at 0 is infinite: add a small number first where 0 can occur.
package func sqrt(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.squareRoot($0, $1, into: $2) }
    .recorded(keepingOutput: true, from: (x, { cotangent, y in cotangent / (y * 2) }))
}

/// The absolute value, with slope 0 at 0.
package func abs(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.absoluteValue($0, $1, into: $2) }
    .recorded(from: (x, { cotangent, _ in cotangent * x.mapped { Kernels.sign($0, $1, into: $2) } }))
}

/// x held within [lower, upper]; the slope is 1 inside, both ends included, and 0 outside.
package func clamp(_ x: Tensor, _ lower: Scalar, _ upper: Scalar) -> Tensor {
  precondition(lower <= upper, "clamp: the lower bound \(lower) is above the upper bound \(upper)")
  return x.mapped { Kernels.clamp($0, $1, lower, upper, into: $2) }
    .recorded(from: (x, { cotangent, _ in cotangent * x.mapped { Kernels.inside($0, $1, lower, upper, into: $2) } }))
}

package func tanh(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.hyperbolicTangent($0, $1, into: $2) }
    .recorded(keepingOutput: true, from: (x, { cotangent, y in cotangent * (1 - square(y)) }))
}

/// 1 / (1 + e^-x).
package func sigmoid(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.sigmoid($0, $1, into: $2) }
    .recorded(keepingOutput: true, from: (x, { cotangent, y in cotangent * (y * (1 - y)) }))
}
