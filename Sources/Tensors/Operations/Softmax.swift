import Kernels

/// e^x over its sum along one axis; every slice along it sums to 1.
package func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = x.shape.resolved(axis, "softmax")
  guard axis == x.rank - 1 else {
    var order = Array(x.shape.indices)
    order.swapAt(axis, x.rank - 1)
    return softmax(x.permuted(order)).permuted(order)
  }
  let count = x.shape[axis]
  precondition(count > 0, "softmax: axis \(axis) of shape \(x.shape) is empty")
  return Tensor(shape: x.shape) { out in
    Kernels.softmax(rows: out.count / count, count: count, x.source, into: out.baseAddress!)
  }
  .recorded(
    keepingOutput: true,
    from: (x, { cotangent, y in y * (cotangent - (cotangent * y).sum(axes: [axis])) }))
}

/// The logarithm of the softmax along the last axis, x - log Σ e^x, computed without overflow and without the
/// logarithm of a probability that has become 0.
package func logSoftmax(_ x: Tensor) -> Tensor {
  let count = x.shape.last ?? 0
  precondition(count > 0, "logSoftmax: the last axis of shape \(x.shape) is empty")
  return Tensor(shape: x.shape) { out in
    Kernels.logSoftmax(rows: out.count / count, count: count, x.source, into: out.baseAddress!)
  }
  .recorded(keepingOutput: true, from: (x, { cotangent, y in slope(y, cotangent) }))
}

/// The rule in one pass over the memory: cotangent - e^y · Σ cotangent. Its own derivatives, needed only for gradients of
/// gradients, are written in operations.
private func slope(_ y: Tensor, _ cotangent: Tensor) -> Tensor {
  let count = y.shape[y.rank - 1]
  return Tensor(shape: y.shape) { out in
    logSoftmaxGradient(rows: y.count / count, count: count, y.source, cotangent.source, into: out.baseAddress!)
  }
  .recorded(
    from: (y, { outer, _ in -(outer * exp(y) * cotangent.sum(axes: [-1])) }),
    (cotangent, { outer, _ in outer - (outer * exp(y)).sum(axes: [-1]) }))
}

/// softmax(scale · usable · x) · usable along the last axis, the weights of contextual attention (Yu et al., 2018,
/// section 3.2): columns that cannot be used score 0, and weigh nothing afterwards. The weights of a row sum to less
/// than 1 if there are such columns.
///
/// - Parameters:
///   - x: [batch, rows, columns].
///   - usable: [batch or 1, 1, columns], each 0 or 1; no gradient flows through it.
package func softmax(_ x: Tensor, usable: Tensor, scale: Scalar) -> Tensor {
  precondition(
    x.rank == 3 && x.shape[2] > 0 && [[x.shape[0], 1, x.shape[2]], [1, 1, x.shape[2]]].contains(usable.shape),
    "softmax: what is usable of shape \(x.shape) is a [batch or 1, 1, columns], found \(usable.shape)")
  return Tensor(shape: x.shape) { out in
    usableSoftmax(
      batch: x.shape[0], rows: x.shape[1], count: x.shape[2], scale: scale, usable: usable.source,
      usableStep: usable.shape[0] == 1 ? 0 : x.shape[2], x.source, into: out.baseAddress!)
  }
  .recorded(keepingOutput: true, from: (x, { cotangent, y in slope(y, cotangent, scale) }))
}

/// The rule in one pass over the memory: scale · y · (cotangent − Σ cotangent · y), as usable² = usable. Its own
/// derivatives, needed only for gradients of gradients, are written in operations.
private func slope(_ y: Tensor, _ cotangent: Tensor, _ scale: Scalar) -> Tensor {
  let columns = y.shape[2]
  return Tensor(shape: y.shape) { out in
    usableSoftmaxGradient(
      rows: y.count / columns, count: columns, scale: scale, y.source, cotangent.source, into: out.baseAddress!)
  }
  .recorded(
    from: (
      y,
      { outer, _ in
        let (mean, outerMean) = ((cotangent * y).sum(axes: [2]), (outer * y).sum(axes: [2]))
        return (outer * (cotangent - mean) - cotangent * outerMean) * scale
      }
    ),
    (cotangent, { outer, _ in slope(y, outer, scale) }))
}

extension Tensor {
  /// Rows of zeros with a 1 at one position each: the inverse of `argmax`.
  ///
  /// - Parameters:
  ///   - positions: One a row, in row-major order; nil for a row of zeros.
  ///   - shape: [..., positions], with as many rows as there are positions given.
  package static func oneHot(_ positions: [Int?], shape: Shape) -> Tensor {
    let columns = shape.last ?? 0
    precondition(
      !shape.isEmpty && positions.count * columns == shape.elementCount
        && positions.allSatisfy { $0.map { (0..<columns).contains($0) } ?? true },
      "oneHot: expected a position below \(columns) for each row of shape \(shape), found \(positions.count) of at most "
        + "\(positions.compactMap { $0 }.max() ?? 0)")
    return Tensor(shape: shape) { elements in
      elements.initialize(repeating: 0)
      for case (let row, let position?) in positions.enumerated() { elements[row * columns + position] = 1 }
    }
  }
}

/// The mean of -log p over all rows with a class, where p is the softmax probability of the row's class.
///
/// - Parameters:
///   - logits: [..., classes].
///   - target: The same shape, one-hot: 1 in the class of a row, 0 elsewhere. A row of zeros belongs to no class and counts
///     nothing; no gradient flows to it.
///   - weights: The factor of the rows of each class in the mean, [classes]; nil if all count the same.
///   - total: The number that the sum is divided by, if it is not the sum of the weights of the rows: its mean over the
///     parts of a batch, if this is one of them.
/// - Returns: A tensor without axes; 0 if no row counts.
package func crossEntropy(
  _ logits: Tensor, _ target: Tensor, weights: Tensor? = nil, total: Scalar? = nil
) -> Tensor {
  let counted = weighted(target, logits.shape, weights)
  let total = total ?? counted.sum().scalar
  // Without rows that count the sum is 0, whatever divides it.
  return -(logSoftmax(logits) * counted).sum() / (total > 0 ? total : 1)
}

/// The sum of the weights of the rows with a class: what `crossEntropy` divides by.
package func crossEntropyTotal(_ target: Tensor, weights: Tensor? = nil) -> Scalar {
  weighted(target, target.shape, weights).sum().scalar
}

private func weighted(_ target: Tensor, _ shape: Shape, _ weights: Tensor?) -> Tensor {
  precondition(
    shape == target.shape && !shape.isEmpty && weights.map { $0.shape == [shape[shape.count - 1]] } ?? true,
    "crossEntropy: logits of shape \(shape), a target of shape \(target.shape) and weights of shape "
      + "\(weights?.shape ?? []) do not fit together")
  let target = target.detached()
  return weights.map { target * $0 } ?? target
}
