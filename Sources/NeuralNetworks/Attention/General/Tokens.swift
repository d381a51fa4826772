import Tensors

extension Tensor {
  /// Features, [batch, height, width, channels], as a sequence of their positions, [batch, height · width, channels];
  /// what is a sequence stays.
  ///
  /// - Parameter user: Who asks, for the message if it is neither.
  func tokens(_ user: StaticString) -> Tensor {
    precondition(
      rank == 3 || rank == 4,
      "\(user): expected [batch, height, width, channels] or [batch, tokens, channels], found shape \(shape)")
    return rank == 3 ? self : reshaped(to: [shape[0], shape[1] * shape[2], shape[3]])
  }
}
