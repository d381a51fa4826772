import Kernels

extension Tensor {
  /// The same elements in another shape; shares the memory. One size may be -1: it is what remains.
  package func reshaped(to newShape: Shape) -> Tensor {
    var target = newShape
    if let open = target.firstIndex(of: -1) {
      target[open] = 1
      let known = target.elementCount
      precondition(
        known > 0 && count % known == 0, "reshaped: \(count) elements of shape \(shape) do not make \(newShape)")
      target[open] = count / known
    }
    precondition(
      target.elementCount == count && target.allSatisfy { $0 >= 0 },
      "reshaped: \(count) elements of shape \(shape) do not make \(newShape)")
    return Tensor(shape: target, storage: storage)
      .recorded(from: (self, { [shape] cotangent, _ in cotangent.reshaped(to: shape) }))
  }

  /// A copy with the axes in another order: axis i of the result is axis `order[i]` of this tensor.
  package func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { shape.resolved($0, "permuted") }
    precondition(axes.sorted() == Array(shape.indices), "permuted: \(order) is no order of the axes of \(shape)")
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return Tensor(shape: axes.map { shape[$0] }) { out in
      permute(shape: shape, axes: axes, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { [inverse] cotangent, _ in cotangent.permuted(inverse) }))
  }

  /// A copy with the last two axes exchanged.
  package func transposed() -> Tensor {
    precondition(rank >= 2, "transposed: shape \(shape) has no two axes")
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
