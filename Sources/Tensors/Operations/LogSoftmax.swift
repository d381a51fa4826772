import Kernels

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
