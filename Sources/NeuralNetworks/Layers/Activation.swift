import Tensors

/// An element-wise function between layers.
package enum Activation: Hashable, Sendable {
  case identity
  case relu
  case leakyReLU(slope: Scalar)
  case elu
  case tanh
  case sigmoid

  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: Tensors.relu(x)
    case .leakyReLU(let slope): Tensors.leakyReLU(x, slope: slope)
    case .elu: Tensors.elu(x)
    case .tanh: Tensors.tanh(x)
    case .sigmoid: Tensors.sigmoid(x)
    }
  }

  /// The same as what a convolution or a normalisation can apply in passing; nil if they cannot.
  var inPassing: ConvolutionActivation? {
    switch self {
    case .identity: .identity
    case .relu: .relu
    case .leakyReLU(let slope): .leakyReLU(slope: slope)
    case .elu: .elu
    case .tanh, .sigmoid: nil
    }
  }
}
