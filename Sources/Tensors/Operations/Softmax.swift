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
