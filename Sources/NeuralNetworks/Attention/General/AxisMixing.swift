import Tensors

/// Mixes what lies along one axis, A₂ · GELU(A₁ · x), with matrices that are the same for all lines and all channels.
final class AxisMixing: Module {
  /// A₁ and A₂ transposed, [size, factor · size] and [factor · size, size].
  let expansion: Parameter
  let contraction: Parameter

  /// - Parameters:
  ///   - size: The axis's.
  ///   - factor: The factor of numbers between the matrices to those of the axis.
  init(size: Int, factor: Int, initialization: Initialization) {
    // Uniform within ±1 / √inputs, as PyTorch starts the convolutions that these matrices are there: a network's rule
    // for filters knows nothing of them.
    let initialization = initialization.with(weights: .kaimingUniform(gain: (1.0 / 3).squareRoot()))
    expansion = initialization.weight([size, factor * size], "expansion")
    contraction = initialization.weight([factor * size, size], "contraction")
  }

  /// - Parameter x: [lines, size, rest], mixed along its second axis.
  func callAsFunction(_ x: Tensor) -> Tensor {
    matmul(contraction.value, gelu(matmul(expansion.value, x, transposeLeft: true)), transposeLeft: true)
  }

  /// Named as in the published code, where a matrix is a convolution of kernel 1.
  var portedWeights: [PortedWeight] {
    [
      PortedWeight("net.0.weight", expansion, .pointwise),
      PortedWeight("net.2.weight", contraction, .pointwise),
    ]
  }
}
