package import Tensors

/// The reference of the texture coherence loss, which compares the Gram matrices of a prediction with those of its
/// reference, class by class (after Liao et al., 2021, whose formula is not public; the divisor of a Gram matrix as in
/// Liu et al., 2018, eq. 5).
///
/// The loss of a picture is Σ_c (n_c^hole / n^hole) · mean |G_c(found) − G_c(expected)| over the classes c of its
/// missing pixels, with G_c(F) = F_cᵀ · F_c / (channels · n_c), where F_c are the rows of F at pixels of class c, and
/// n_c is their number. The loss is the mean over the pictures. A picture whose missing pixels have no class counts 0.
package enum TextureReference: String, CaseIterable, Sendable {
  /// All pixels of the class in the original.
  case original
  /// The known pixels of the class in the original; a class without known pixels counts 0.
  case context
}

/// The texture coherence loss; see `TextureReference` for its formula.
///
/// - Parameters:
///   - found, expected: Features of the prediction and of the original, [batch, height, width, channels].
///   - labels: One-hot classes of the original, zeros for pixels without a class:
///     [batch, any height, any width, classes].
///   - holes: 1 where pixels are missing, [batch or 1, the labels' height, the labels' width, 1].
/// - Returns: A tensor of rank 0.
package func textureCoherenceLoss(
  _ found: Tensor, _ expected: Tensor, labels: Tensor, holes: Tensor, reference: TextureReference = .original
) -> Tensor {
  precondition(
    found.rank == 4 && found.shape == expected.shape && labels.rank == 4 && labels.shape[0] == found.shape[0]
      && [1, found.shape[0]].contains(holes.shape[0]) && holes.shape[1..<3] == labels.shape[1..<3],
    "textureCoherenceLoss: features of shapes \(found.shape) and \(expected.shape), labels of \(labels.shape) and holes of "
      + "\(holes.shape) do not fit together")
  let (batch, height, width, channels) = (found.shape[0], found.shape[1], found.shape[2], found.shape[3])
  let positions = ClassPositions(
    labels.detached().resizedNearest(height: height, width: width).indicesOfMaxima(),
    hole: holes.detached().resizedNearest(height: height, width: width), batch: batch)
  let rows = [batch * height * width, channels]
  let (foundRows, expectedRows) = (found.reshaped(to: rows), expected.detached().reshaped(to: rows))
  func gram(_ features: Tensor, _ rows: [Int]) -> Tensor {
    let selected = features.gatheredRows(rows)
    return matmul(selected, selected, transposeLeft: true) / Scalar(channels * rows.count)
  }
  var total = Tensor(0)
  for classes in positions.samples {
    let missing = classes.reduce(0) { $0 + $1.missing.count }
    for members in classes where !members.missing.isEmpty {
      let context = reference == .original ? members.all : members.known
      guard !context.isEmpty else { continue }
      let share = Scalar(members.missing.count) / Scalar(missing)
      total = total + share * abs(gram(foundRows, members.all) - gram(expectedRows, context)).mean()
    }
  }
  return total / Scalar(batch)
}

/// The Gram matrix of features, Fᵀ · F / (channels · height · width), where F is [height · width, channels] (Gatys et
/// al., 2016, eq. 3; the divisor as in Liu et al., 2018, eq. 5).
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
