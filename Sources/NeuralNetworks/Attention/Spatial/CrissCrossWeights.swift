import Tensors

/// Weights with which every position draws from its row and its column, itself counted once.
struct CrissCrossWeights {
  /// [batch · height, width, width]: of a query, then of a key in its row.
  private let row: Tensor
  /// [batch · width, height, height]: of a query, then of a key in its column.
  private let column: Tensor

  /// One softmax for the row and the column together.
  ///
  /// - Parameters: [batch, height, width, size].
  init(queries: Tensor, keys: Tensor) {
    let (batch, height, width) = (queries.shape[0], queries.shape[1], queries.shape[2])
    let inRow = matmul(queries.rows, keys.rows, transposeRight: true)
    let inColumn = matmul(queries.columns, keys.columns, transposeRight: true) + Self.excludingOwnPosition(height)
    let scores = [
      inRow.reshaped(to: [batch, height, width, width]),
      inColumn.reshaped(to: [batch, width, height, height]).permuted([0, 2, 1, 3]),
    ]
    let weights = softmax(concatenate(scores, axis: 3))
    row = weights.sliced(axis: 3, 0..<width).rows
    column = weights.sliced(axis: 3, width..<width + height).columns
  }

  /// The mixture that each position draws from its row and its column.
  ///
  /// - Parameter values: [batch, height, width, channels].
  func drawn(from values: Tensor) -> Tensor {
    let (batch, height, width, channels) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3])
    let alongColumns = matmul(column, values.columns).reshaped(to: [batch, width, height, channels])
    return matmul(row, values.rows).reshaped(to: values.shape) + alongColumns.permuted([0, 2, 1, 3])
  }

  /// From where that is drawn which positions share out.
  ///
  /// - Parameter shares: How much every position shares out, [batch, height, width].
  /// - Returns: The same shape, and the same sum.
  func spread(_ shares: Tensor) -> Tensor {
    let (batch, height, width) = (shares.shape[0], shares.shape[1], shares.shape[2])
    let alongRows = matmul(shares.reshaped(to: [batch * height, 1, width]), row)
    let alongColumns = matmul(shares.transposed().reshaped(to: [batch * width, 1, height]), column)
    return alongRows.reshaped(to: shares.shape) + alongColumns.reshaped(to: [batch, width, height]).transposed()
  }

  /// Negative infinity where a position of a column meets itself: its row has it already.
  private static func excludingOwnPosition(_ height: Int) -> Tensor {
    Tensor(
      (0..<height * height).map { $0 / height == $0 % height ? -Scalar.infinity : 0 }, shape: [height, height])
  }
}

extension Tensor {
  /// [batch, height, width, size] as [batch · height, width, size].
  fileprivate var rows: Tensor { reshaped(to: [shape[0] * shape[1], shape[2], shape[3]]) }

  /// [batch, height, width, size] as [batch · width, height, size].
  fileprivate var columns: Tensor { permuted([0, 2, 1, 3]).rows }
}
