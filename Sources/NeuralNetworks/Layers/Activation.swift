import Tensors

/// An element-wise function between layers.
public enum Activation: Hashable, Sendable {
  case identity
  case relu
  case leakyReLU(slope: Scalar)
  case elu
  case tanh
  case sigmoid

  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: Tensors.relu(x)
    case .leakyReLU(let slope): Tensors.leakyReLU(x, slope: slope)
    case .elu: Tensors.elu(x)
    case .tanh: Tensors.tanh(x)
    case .sigmoid: Tensors.sigmoid(x)
    }
  }
}
