import Kernels

/// A convolution in groups: each run of channels / groups channels makes a run of filters / groups outputs, and none of
/// the others.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - filter: [kernel height, kernel width, channels / groups, filters], the outputs of the first group first.
///   - padding: Zeros on each side.
/// - Returns: [batch, output height, output width, filters], of the size that `convolve` gives without groups.
package func convolve(
  _ x: Tensor, _ filter: Tensor, groups: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .none
) -> Tensor {
  precondition(
    groups > 0 && x.rank == 4 && filter.rank == 4 && x.shape[3] == groups * filter.shape[2]
      && filter.shape[3] % groups == 0,
    "convolve: pictures of shape \(x.shape) and a filter of shape \(filter.shape) do not fit together in \(groups) "
      + "groups")
  guard groups > 1 else { return convolve(x, filter, stride: stride, dilation: dilation, padding: padding) }
  // In halves of halves, so that a gradient adds slices up log₂(groups) times instead of groups times.
  let half = groups / 2
  let (channels, outputs) = (half * filter.shape[2], half * (filter.shape[3] / groups))
  let parts = [
    (0..<channels, 0..<outputs, half),
    (channels..<x.shape[3], outputs..<filter.shape[3], groups - half),
  ].map { channels, outputs, groups in
    convolve(
      x.sliced(axis: 3, channels), filter.sliced(axis: 3, outputs), groups: groups, stride: stride,
      dilation: dilation, padding: padding)
  }
  return concatenate(parts, axis: 3)
}
