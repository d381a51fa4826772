import Kernels

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
