import Tensors

/// The strength with which each pair of channels appears together, wherever that is:
/// Fᵀ · F / (channels · height · width), where F is [height · width, channels] (Gatys et al., 2016, eq. 3; the divisor
/// as in Liu et al., 2018, eq. 5).
///
/// - Parameter features: [batch, height, width, channels].
/// - Returns: [batch, channels, channels].
package func gramMatrix(_ features: Tensor) -> Tensor {
  precondition(
    features.rank == 4 && features.count > 0,
    "gramMatrix: expected [batch, height, width, channels], found shape \(features.shape)")
  let (batch, channels) = (features.shape[0], features.shape[3])
  let rows = features.reshaped(to: [batch, -1, channels])
  return matmul(rows, rows, transposeLeft: true) / Scalar(features.count / batch)
}
