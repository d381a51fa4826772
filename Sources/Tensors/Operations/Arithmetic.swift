import Kernels

// Element-wise arithmetic with NumPy's broadcasting: axes are aligned from the last one, and axes of size 1 and missing
// ones are repeated. The backward pass sums a pullback's result back to the input's shape.

extension Tensor {
  private typealias Kernel = (Broadcast, Source, Source, Destination) -> Void

  private static func elementWise(
    _ name: StaticString, _ left: Tensor, _ right: Tensor, _ kernel: Kernel
  ) -> Tensor {
    guard let shape = left.shape.broadcast(with: right.shape) else {
      preconditionFailure("\(name): shapes \(left.shape) and \(right.shape) do not fit together")
    }
    return Tensor(shape: shape) { out in
      kernel(Broadcast(left: left.shape, right: right.shape), left.source, right.source, out.baseAddress!)
    }
  }

  package static func + (left: Tensor, right: Tensor) -> Tensor {
    elementWise("+", left, right) { add($0, $1, $2, into: $3) }
      .recorded(from: (left, { cotangent, _ in cotangent }), (right, { cotangent, _ in cotangent }))
  }

  package static func - (left: Tensor, right: Tensor) -> Tensor {
    elementWise("-", left, right) { subtract($0, $1, $2, into: $3) }
      .recorded(from: (left, { cotangent, _ in cotangent }), (right, { cotangent, _ in -cotangent }))
  }

  package static func * (left: Tensor, right: Tensor) -> Tensor {
    elementWise("*", left, right) { multiply($0, $1, $2, into: $3) }
      .recorded(from: (left, { cotangent, _ in cotangent * right }), (right, { cotangent, _ in cotangent * left }))
  }

  package static func / (left: Tensor, right: Tensor) -> Tensor {
    elementWise("/", left, right) { divide($0, $1, $2, into: $3) }
      .recorded(
        from: (left, { cotangent, _ in cotangent / right }),
        (right, { cotangent, _ in -(cotangent * left) / square(right) }))
  }

  /// x · factor + offset.
  private func affine(factor: Scalar, offset: Scalar) -> Tensor {
    Tensor(shape: shape) { out in
      Kernels.affine(count, source, factor: factor, offset: offset, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent * factor }))
  }

  package static prefix func - (x: Tensor) -> Tensor { x.affine(factor: -1, offset: 0) }
  package static func + (x: Tensor, offset: Scalar) -> Tensor { x.affine(factor: 1, offset: offset) }
  package static func + (offset: Scalar, x: Tensor) -> Tensor { x.affine(factor: 1, offset: offset) }
  package static func - (x: Tensor, offset: Scalar) -> Tensor { x.affine(factor: 1, offset: -offset) }
  package static func - (offset: Scalar, x: Tensor) -> Tensor { x.affine(factor: -1, offset: offset) }
  package static func * (x: Tensor, factor: Scalar) -> Tensor { x.affine(factor: factor, offset: 0) }
  package static func * (factor: Scalar, x: Tensor) -> Tensor { x.affine(factor: factor, offset: 0) }
  package static func / (x: Tensor, divisor: Scalar) -> Tensor { x.affine(factor: 1 / divisor, offset: 0) }
  package static func / (dividend: Scalar, x: Tensor) -> Tensor { Tensor(dividend) / x }
}

/// The element-wise maximum. Where both are equal, each gets half of the gradient.
package func maximum(_ left: Tensor, _ right: Tensor) -> Tensor {
  Tensor.larger(left, right)
}

extension Tensor {
  fileprivate static func larger(_ left: Tensor, _ right: Tensor) -> Tensor {
    elementWise("maximum", left, right) { Kernels.maximum($0, $1, $2, into: $3) }
      .recorded(
        from: (left, { cotangent, _ in cotangent * maximumDerivative(left, right) }),
        (right, { cotangent, _ in cotangent * maximumDerivative(right, left) }))
  }

  /// The derivative of `larger` with respect to `left`: 1 where left > right, 1/2 where equal, 0 elsewhere; constant
  /// almost everywhere.
  private static func maximumDerivative(_ left: Tensor, _ right: Tensor) -> Tensor {
    elementWise("maximum", left, right) { Kernels.maximumDerivative($0, $1, $2, into: $3) }
  }

  /// 1 where elements are at most a threshold, 0 elsewhere; no gradient.
  package func isAtMost(_ threshold: Scalar) -> Tensor {
    .equality(.larger(detached(), Tensor(threshold)), Tensor(threshold))
  }

  /// 1 where both are equal, 0 elsewhere; no gradient.
  static func equality(_ left: Tensor, _ right: Tensor) -> Tensor {
    elementWise("equality", left, right) { Kernels.equality($0, $1, $2, into: $3) }
  }
}

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

/// The natural logarithm: −∞ at 0, NaN below.
package func log(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.logarithm($0, $1, into: $2) }.recorded(from: (x, { cotangent, _ in cotangent / x }))
}

package func square(_ x: Tensor) -> Tensor { x * x }

/// The square root. Its derivative at 0 is infinite: add a small number first where 0 can occur.
package func sqrt(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.squareRoot($0, $1, into: $2) }
    .recorded(keepingOutput: true, from: (x, { cotangent, y in cotangent / (y * 2) }))
}

/// The absolute value, with the derivative 0 at 0.
package func abs(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.absoluteValue($0, $1, into: $2) }
    .recorded(from: (x, { cotangent, _ in cotangent * x.mapped { Kernels.sign($0, $1, into: $2) } }))
}

/// x clamped to [lower, upper]; the derivative is 1 inside, both ends included, and 0 outside.
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
