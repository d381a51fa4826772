/// Features with the mean 0 and the variance 1 in each channel, over all pixels of all pictures, scaled and shifted
/// (Ioffe and Szegedy, 2015, algorithm 1).
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - weight, bias: The scale and the shift, [channels].
///   - epsilon: What is added to the variance before its root is taken.
/// - Returns: The features, of the shape of x; and each channel's mean and variance, the latter divided by the number of
///   pixels, [channels], through which no gradient flows.
public func batchNormalized(
  _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Scalar
) -> (value: Tensor, mean: Tensor, variance: Tensor) {
  precondition(
    x.rank == 4 && x.count > 0 && weight.shape == [x.shape[3]] && bias.shape == weight.shape,
    "batchNormalized: features of shape \(x.shape), a weight of shape \(weight.shape) and a bias of shape "
      + "\(bias.shape) do not fit together")
  let mean = x.mean(axes: [0, 1, 2])
  let centred = x - mean
  let variance = square(centred).mean(axes: [0, 1, 2])
  let value = centred * (weight / sqrt(variance + epsilon)) + bias
  return (value, mean.detached().reshaped(to: weight.shape), variance.detached().reshaped(to: weight.shape))
}
