import Tensors

/// The function that makes weights of the last features of a branch that attends (Wang et al., 2017, eq. 4 to 6). The
/// parameter is [batch, height, width, channels].
package enum AttentionActivation: String, CaseIterable, Sendable {
  /// sigmoid(x): each channel of each position by itself.
  case mixed
  /// x over its length at each position: only the proportions of the channels count.
  case channel
  /// sigmoid of x with the mean 0 and the variance 1 in each channel of each picture: only the position counts.
  case spatial

  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .mixed: return sigmoid(x)
    case .channel: return x / sqrt(square(x).sum(axes: [3]) + 1e-12)
    case .spatial:
      let centered = x - x.mean(axes: [1, 2])
      return sigmoid(centered / sqrt(square(centered).mean(axes: [1, 2]) + 1e-5))
    }
  }
}
