import Kernels

/// The sum of the products of two tensors of the same shape, element by element, without a tensor of the products.
package func dot(_ x: Tensor, _ y: Tensor) -> Tensor {
  precondition(x.shape == y.shape, "dot: shapes \(x.shape) and \(y.shape) differ")
  return Tensor(dotProduct(x.count, x.source, y.source))
    .recorded(from: (x, { cotangent, _ in cotangent * y }), (y, { cotangent, _ in cotangent * x }))
}
