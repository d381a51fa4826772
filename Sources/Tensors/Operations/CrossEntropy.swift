/// The mean of -log p over all rows with a class, where p is the softmax probability of the row's class.
///
/// - Parameters:
///   - logits: [..., classes].
///   - target: The same shape, one-hot: 1 in the class of a row, 0 elsewhere. A row of zeros belongs to no class and counts
///     nothing; no gradient flows to it.
///   - weights: The factor of the rows of each class in the mean, [classes]; nil if all count the same.
///   - total: The number that the sum is divided by, if it is not the sum of the weights of the rows: its mean over the
///     parts of a batch, if this is one of them.
/// - Returns: A tensor without axes; 0 if no row counts.
package func crossEntropy(
  _ logits: Tensor, _ target: Tensor, weights: Tensor? = nil, total: Scalar? = nil
) -> Tensor {
  let counted = weighted(target, logits.shape, weights)
  let total = total ?? counted.sum().scalar
  // Without rows that count the sum is 0, whatever divides it.
  return -(logSoftmax(logits) * counted).sum() / (total > 0 ? total : 1)
}

/// The sum of the weights of the rows with a class: what `crossEntropy` divides by.
package func crossEntropyTotal(_ target: Tensor, weights: Tensor? = nil) -> Scalar {
  weighted(target, target.shape, weights).sum().scalar
}

private func weighted(_ target: Tensor, _ shape: Shape, _ weights: Tensor?) -> Tensor {
  precondition(
    shape == target.shape && !shape.isEmpty && weights.map { $0.shape == [shape[shape.count - 1]] } ?? true,
    "crossEntropy: logits of shape \(shape), a target of shape \(target.shape) and weights of shape "
      + "\(weights?.shape ?? []) do not fit together")
  let target = target.detached()
  return weights.map { target * $0 } ?? target
}
