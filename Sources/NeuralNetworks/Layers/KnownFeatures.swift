import Tensors

/// Features and where they are known: what partial convolutions take and give.
package struct KnownFeatures: Sendable {
  /// [batch, height, width, channels]; whatever is in the holes is not looked at.
  package let values: Tensor
  /// 1 where values are known, 0 in holes: [batch or 1, height, width, 1] if that is the same for every channel, which
  /// is cheaper, or one plane a channel, [batch or 1, height, width, channels]. No gradient flows through it.
  package let known: Tensor

  package init(_ values: Tensor, known: Tensor) {
    precondition(
      values.rank == 4 && known.rank == 4 && [1, values.shape[0]].contains(known.shape[0])
        && known.shape[1..<3] == values.shape[1..<3] && [1, values.shape[3]].contains(known.shape[3]),
      "KnownFeatures: values of shape \(values.shape) cannot be known as shape \(known.shape) says")
    self.values = values
    self.known = known.detached()
  }

  /// The values with zeros in the holes.
  var visible: Tensor {
    known.isEverywhere(1) ? values : values * known
  }

  /// The number of channels that are known at each pixel: [batch or 1, height, width, 1].
  var knownChannels: Tensor {
    known.shape[3] == values.shape[3] ? known.sum(axes: [-1]) : known * Scalar(values.shape[3])
  }
}
