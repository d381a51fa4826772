import Kernels

/// Softmax along one axis: e^x / Σ e^x.
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

/// Log-softmax along the last axis: x - log Σ e^x, without overflow and without the logarithm of a probability that
/// underflowed to 0.
package func logSoftmax(_ x: Tensor) -> Tensor {
  let count = x.shape.last ?? 0
  precondition(count > 0, "logSoftmax: the last axis of shape \(x.shape) is empty")
  return Tensor(shape: x.shape) { out in
    Kernels.logSoftmax(rows: out.count / count, count: count, x.source, into: out.baseAddress!)
  }
  .recorded(keepingOutput: true, from: (x, { cotangent, y in slope(y, cotangent) }))
}

/// The gradient of log-softmax in one pass over memory: cotangent - e^y · Σ cotangent. Its own derivatives, needed only
/// for second-order gradients, are written in tensor operations.
private func slope(_ y: Tensor, _ cotangent: Tensor) -> Tensor {
  let count = y.shape[y.rank - 1]
  return Tensor(shape: y.shape) { out in
    logSoftmaxGradient(rows: y.count / count, count: count, y.source, cotangent.source, into: out.baseAddress!)
  }
  .recorded(
    from: (y, { outer, _ in -(outer * exp(y) * cotangent.sum(axes: [-1])) }),
    (cotangent, { outer, _ in outer - (outer * exp(y)).sum(axes: [-1]) }))
}

/// Masked softmax along the last axis, as in contextual attention (Yu et al., 2018, section 3.2):
/// softmax(scale · valid · x) · valid. Invalid columns score 0 before the softmax and have weight 0 after it, so a
/// row with invalid columns sums to less than 1.
///
/// - Parameters:
///   - x: The logits, [batch, rows, columns].
///   - valid: The valid mask, [batch or 1, 1, columns], 1 for valid columns and 0 for others; no gradient flows
///     through it.
///   - scale: The factor of the logits (the inverse temperature).
package func softmax(_ x: Tensor, valid: Tensor, scale: Scalar) -> Tensor {
  precondition(
    x.rank == 3 && x.shape[2] > 0 && [[x.shape[0], 1, x.shape[2]], [1, 1, x.shape[2]]].contains(valid.shape),
    "softmax: expected a valid mask of [batch or 1, 1, columns] for shape \(x.shape), found \(valid.shape)")
  return Tensor(shape: x.shape) { out in
    maskedSoftmax(
      batch: x.shape[0], rows: x.shape[1], count: x.shape[2], scale: scale, valid: valid.source,
      validStep: valid.shape[0] == 1 ? 0 : x.shape[2], x.source, into: out.baseAddress!)
  }
  .recorded(keepingOutput: true, from: (x, { cotangent, y in slope(y, cotangent, scale) }))
}

/// The gradient of masked softmax in one pass over memory: scale · y · (cotangent − Σ cotangent · y), because
/// valid² = valid. Its own derivatives, needed only for second-order gradients, are written in tensor operations.
private func slope(_ y: Tensor, _ cotangent: Tensor, _ scale: Scalar) -> Tensor {
  let columns = y.shape[2]
  return Tensor(shape: y.shape) { out in
    maskedSoftmaxGradient(
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
  /// One-hot rows, the inverse of `argmax`.
  ///
  /// - Parameters:
  ///   - positions: One index per row, in row-major order; nil for a row of zeros.
  ///   - shape: [..., classes], with one row per index.
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

/// Cross-entropy: the mean of -log p over all rows with a class, where p is the softmax probability of the row's class.
///
/// - Parameters:
///   - logits: [..., classes].
///   - target: The same shape, one-hot. A row of zeros has no class and does not count; no gradient flows to the
///     target.
///   - weights: The weight of each class in the mean, [classes]; nil for equal weights.
///   - total: The divisor, if it is not the sum of the rows' weights: its mean over the micro-batches of a batch, if
///     this is one of them.
/// - Returns: A tensor of rank 0; 0 if no row counts.
package func crossEntropy(
  _ logits: Tensor, _ target: Tensor, weights: Tensor? = nil, total: Scalar? = nil
) -> Tensor {
  let counted = weighted(target, logits.shape, weights)
  let total = total ?? counted.sum().scalar
  // Without rows that count the sum is 0, and the divisor must not be.
  return -(logSoftmax(logits) * counted).sum() / (total > 0 ? total : 1)
}

/// The sum of the weights of the rows with a class, which is the divisor of `crossEntropy`.
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
