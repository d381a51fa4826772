import Kernels

extension Tensor {
  /// The sum of all elements.
  package func sum() -> Tensor { sum(axes: Array(shape.indices)).reshaped(to: []) }

  /// The mean of all elements.
  ///
  /// - Precondition: There is at least one element.
  package func mean() -> Tensor { mean(axes: Array(shape.indices)).reshaped(to: []) }

  /// Sums over the given axes, which are kept with size 1. Negative axes count from the end.
  package func sum(axes: [Int]) -> Tensor {
    reducing(axes, "sum") { Kernels.sum(outer: $0, count: $1, inner: $2, $3, into: $4) }
      .recorded(from: (self, { [shape] cotangent, _ in cotangent.expanded(to: shape) }))
  }

  /// Means over the given axes, which are kept with size 1. Negative axes count from the end.
  ///
  /// - Precondition: None of the axes is empty.
  package func mean(axes: [Int]) -> Tensor {
    let count = Set(axes.map { shape.resolved($0, "mean") }).reduce(1) { $0 * shape[$1] }
    precondition(count > 0, "mean: axes \(axes) of shape \(shape) are empty")
    return sum(axes: axes) / Scalar(count)
  }

  /// Maxima over the given axes, which are kept with size 1. Equal maxima share the gradient.
  ///
  /// - Precondition: None of the axes is empty.
  package func maximum(axes: [Int]) -> Tensor {
    precondition(
      axes.allSatisfy { shape[shape.resolved($0, "maximum")] > 0 }, "maximum: axes \(axes) of shape \(shape) are empty")
    return reducing(axes, "maximum") { Kernels.maximum(outer: $0, count: $1, inner: $2, $3, into: $4) }
      .recorded(
        keepingOutput: true,
        from: (
          self,
          { cotangent, largest in
            let winners = Tensor.equality(self, largest)
            return cotangent * (winners / winners.sum(axes: axes))
          }
        ))
  }

  /// Sums over the axes that were repeated from `target` to this shape: the adjoint of broadcasting.
  func summed(to target: Shape) -> Tensor {
    guard shape != target else { return self }
    let missing = rank - target.count
    let axes = shape.indices.filter { $0 < missing || target[$0 - missing] != shape[$0] }
    return sum(axes: axes).reshaped(to: target)
  }

  /// Broadcasts to `target`: repeats axes of size 1 and adds leading axes.
  ///
  /// - Precondition: Each axis has size 1 or its size in `target`.
  package func expanded(to target: Shape) -> Tensor {
    guard shape != target else { return self }
    precondition(
      shape.broadcast(with: target) == target, "expanded: shape \(shape) cannot be repeated to \(target)")
    return self + Tensor.zeros(target)
  }

  /// Reduces adjacent axes together, the last ones first.
  private func reducing(
    _ axes: [Int], _ name: StaticString, _ kernel: (Int, Int, Int, Source, Destination) -> Void
  ) -> Tensor {
    let axes = Set(axes.map { shape.resolved($0, name) })
    var result = detached()
    var axis = rank - 1
    while axis >= 0 {
      guard axes.contains(axis) else {
        axis -= 1
        continue
      }
      var first = axis
      while first > 0 && axes.contains(first - 1) { first -= 1 }
      let sizes = result.shape
      let reduced = Array(sizes[..<first]) + Shape(repeating: 1, count: axis - first + 1) + sizes[(axis + 1)...]
      let input = result
      result = Tensor(shape: reduced) { out in
        kernel(
          Array(sizes[..<first]).elementCount, Array(sizes[first...axis]).elementCount,
          Array(sizes[(axis + 1)...]).elementCount, input.source, out.baseAddress!)
      }
      axis = first - 1
    }
    return result
  }
}

extension Tensor {
  /// False if any element is infinite or NaN.
  package var isFinite: Bool { withExtendedLifetime(self) { allFinite(count, source) } }

  /// True if all elements are `value`.
  package func isEverywhere(_ value: Scalar) -> Bool { withExtendedLifetime(self) { allEqual(count, source, value) } }
}

/// Σ x[i] · y[i] over two tensors of the same shape, without a tensor of the products.
package func dot(_ x: Tensor, _ y: Tensor) -> Tensor {
  precondition(x.shape == y.shape, "dot: shapes \(x.shape) and \(y.shape) differ")
  return Tensor(dotProduct(x.count, x.source, y.source))
    .recorded(from: (x, { cotangent, _ in cotangent * y }), (y, { cotangent, _ in cotangent * x }))
}

extension Tensor {
  /// The index of the largest element of each row along the last axis, also of negative ones. Of equal elements the
  /// first counts.
  ///
  /// - Returns: One index per row, in row-major order.
  package func argmax() -> [Int] {
    precondition(rank > 0 && shape[rank - 1] > 0, "argmax: the last axis of shape \(shape) is empty")
    let rows = count / shape[rank - 1]
    return [Int](unsafeUninitializedCapacity: rows) { positions, initialized in
      if let positions = positions.baseAddress {
        withExtendedLifetime(self) {
          Kernels.argmax(rows: rows, count: shape[rank - 1], source, into: positions)
        }
      }
      initialized = rows
    }
  }
}

extension Tensor {
  /// The index of the largest element of each row along the last axis, the first of equal ones; nil for rows without a
  /// positive element.
  package func indicesOfMaxima() -> [Int?] {
    let columns = shape.last ?? 0
    return withElements { elements in
      argmax().enumerated().map { row, position in elements[row * columns + position] > 0 ? position : nil }
    }
  }
}
