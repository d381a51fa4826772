package import Tensors

/// Divides a weight by an estimate of its largest singular value, so that a layer's Lipschitz constant is about 1
/// (Miyato et al., 2018, algorithm 1).
///
/// The weight counts as a matrix W of as many columns as it has output channels. From the stored row vector u, one step
/// of the power iteration is v = n(u · Wᵀ), u′ = n(v · W), σ = v · W · u′ᵀ, where n divides by the length. Gradients
/// flow through σ, v and u′; nothing flows from step to step through the stored u.
package final class SpectralNorm: TrainingDependent {
  /// The estimate of the first right singular vector, [1, outputChannels].
  package let u: Buffer
  /// During training each call stores u′; otherwise u stays as it is.
  package var isTraining = true

  package init(outputChannels: Int, initialization: Initialization) {
    u = Buffer(
      initialization.values([1, outputChannels], "u", by: .truncatedNormal(deviation: 1)), dependsOnSamples: false)
  }

  /// - Parameter weight: [..., outputChannels].
  /// - Returns: The weight divided by σ.
  package func callAsFunction(_ weight: Tensor) -> Tensor {
    let (sigma, next) = estimate(weight)
    if isTraining { u.value = next }
    return weight * (1 / sigma)
  }

  /// σ, a tensor without axes, after one step from the stored u; and u′, [1, outputChannels].
  func estimate(_ weight: Tensor) -> (sigma: Tensor, next: Tensor) {
    let columns = u.value.shape[1]
    precondition(
      weight.shape.last == columns, "SpectralNorm: expected [..., \(columns)], found shape \(weight.shape)")
    let matrix = weight.reshaped(to: [weight.count / columns, columns])
    let v = normalized(matmul(u.value, matrix, transposeRight: true))
    let product = matmul(v, matrix)
    let next = normalized(product)
    return ((product * next).sum(), next)
  }

  /// The largest singular value of the weight after its division, found exactly: above 1 by as much as the estimate is
  /// too small, which it is until the power iteration has settled. nil if the weight is not finite.
  ///
  /// - Parameter weight: [..., outputChannels].
  package func exactNorm(_ weight: Tensor) -> Scalar? {
    let largest = weight.reshaped(to: [-1, u.value.shape[1]]).singularValues()?.first
    return largest.map { $0 / estimate(weight).sigma.scalar }
  }

  private func normalized(_ vector: Tensor) -> Tensor {
    vector / (sqrt(square(vector).sum()) + 1e-12)
  }
}
