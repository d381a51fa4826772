import Kernels

/// The rule by which nearest-neighbor resizing selects pixels.
package enum NearestRule: Sendable {
  /// floor(i · in / out) in whole numbers, PyTorch's `nearest` up to its rounding in 32 bits: downsampling by 2 selects
  /// pixels 0, 2, 4, …
  case floor
  /// i · (in − 1) / (out − 1), rounded half away from zero, TensorFlow 1's `align_corners`: downsampling 64 pixels by 2
  /// selects pixels 0, 2, …, 30, 33, …, 63.
  case alignCorners

  func sources(from size: Int, to newSize: Int) -> [Int] {
    switch self {
    case .floor:
      return (0..<newSize).map { min(size - 1, $0 * size / newSize) }
    case .alignCorners:
      // TensorFlow computes in 32 bits, and halves must round as they do there.
      let scale = newSize > 1 ? Float(size - 1) / Float(newSize - 1) : 0
      return (0..<newSize).map { min(size - 1, Int((Float($0) * scale).rounded(.toNearestOrAwayFromZero))) }
    }
  }
}

extension Tensor {
  /// Nearest-neighbor resizing of [batch, height, width, channels].
  package func resizedNearest(height: Int, width: Int, rule: NearestRule = .floor) -> Tensor {
    precondition(
      rank == 4 && height > 0 && width > 0 && shape[1] > 0 && shape[2] > 0,
      "resizedNearest: cannot resize shape \(shape) to \(height)x\(width)")
    return gathered(rows: rule.sources(from: shape[1], to: height), columns: rule.sources(from: shape[2], to: width))
  }

  /// Nearest-neighbor upsampling by an integer factor.
  package func upsampledNearest(by factor: Int) -> Tensor {
    precondition(rank == 4 && factor > 0, "upsampledNearest: cannot upsample shape \(shape) by \(factor)")
    return resizedNearest(height: shape[1] * factor, width: shape[2] * factor)
  }

  /// [batch, height, width, channels] flipped horizontally.
  package func flippedHorizontally() -> Tensor {
    precondition(rank == 4, "flippedHorizontally: expected [batch, height, width, channels], found \(shape)")
    return gathered(rows: Array(0..<shape[1]), columns: (0..<shape[2]).reversed())
  }

  /// Rows of a matrix [rows, columns] at the indices given, which may repeat.
  package func gatheredRows(_ indices: [Int]) -> Tensor {
    precondition(
      rank == 2 && indices.allSatisfy { (0..<shape[0]).contains($0) }, "gatheredRows: shape \(shape) has no such rows")
    return Tensor(shape: [indices.count, shape[1]]) { out in
      gatherRows(columns: shape[1], rows: indices, source, into: out.baseAddress!)
    }
    .recorded(
      fromPartOf: self, { [count = shape[0]] cotangent, _ in cotangent.scatteredRows(to: indices, of: count) },
      adding: { cotangent, sum in cotangent.addRows(to: indices, of: &sum) })
  }

  /// A matrix of `count` rows with the rows of this one at the indices given and zeros elsewhere: the adjoint of
  /// `gatheredRows`. Rows with the same index are summed.
  package func scatteredRows(to indices: [Int], of count: Int) -> Tensor {
    precondition(
      rank == 2 && indices.count == shape[0] && indices.allSatisfy { (0..<count).contains($0) },
      "scatteredRows: rows of shape \(shape) cannot be at \(indices.count) of \(count) indices")
    var scattered = Tensor.zeros([count, shape[1]])
    addRows(to: indices, of: &scattered)
    return scattered.recorded(from: (self, { cotangent, _ in cotangent.gatheredRows(indices) }))
  }

  /// Adds each row of this matrix to the row of another one at its index.
  private func addRows(to indices: [Int], of sum: inout Tensor) {
    sum.withMutableElements {
      Kernels.addRows(columns: shape[1], rows: indices, source, into: $0.baseAddress!)
    }
  }

  /// result[n, i, j] = self[n, rows[i], columns[j]].
  private func gathered(rows: [Int], columns: [Int]) -> Tensor {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    return Tensor(shape: [batch, rows.count, columns.count, channels]) { out in
      gatherPixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, source,
        into: out.baseAddress!)
    }
    .recorded(
      from: (
        self,
        { cotangent, _ in cotangent.scattered(rows: rows, columns: columns, height: height, width: width) }
      ))
  }

  /// The adjoint of `gathered`.
  private func scattered(rows: [Int], columns: [Int], height: Int, width: Int) -> Tensor {
    Tensor(shape: [shape[0], height, width, shape[3]]) { out in
      scatterPixels(
        batch: shape[0], height: height, width: width, channels: shape[3], rows: rows, columns: columns, source,
        into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.gathered(rows: rows, columns: columns) }))
  }
}
