package import Tensors

/// Spectral normalization: divides a weight by an estimate of its largest singular value, so that the layer's Lipschitz
/// constant is about 1 (Miyato et al., 2018, algorithm 1).
///
/// The weight is reshaped to a matrix W with one column per output channel. From the stored row vector u, one power
/// iteration is v = n(u · Wᵀ), u′ = n(v · W), σ = v · W · u′ᵀ, where n divides by the L2 norm. Gradients flow through
/// σ, v and u′, but not from step to step through the stored u.
package final class SpectralNorm: TrainingDependent {
  /// The estimate of the first right singular vector, [1, outputChannels].
  package let u: Buffer
  /// True if each call stores u′, false if u is not updated.
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

  /// σ, a tensor of rank 0, after one power iteration from the stored u; and u′, [1, outputChannels].
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

  /// The exact largest singular value of the normalized weight. It is above 1 while the power iteration has not
  /// converged and σ is too small. nil if the weight is not finite.
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
