import Tensors

// Features as lists of positions, which is how attentions see them.

extension Tensor {
  /// [batch, height, width, channels] as [batch, height · width, channels].
  var positions: Tensor { reshaped(to: [shape[0], shape[1] * shape[2], shape[3]]) }

  /// The features at one position of [batch, height, width, channels]: [batch, 1, channels].
  func position(row: Int, column: Int) -> Tensor {
    precondition(
      (0..<shape[1]).contains(row) && (0..<shape[2]).contains(column),
      "weights: there is no position in row \(row), column \(column) of features of shape \(shape)")
    let range = row * shape[2] + column
    return positions.sliced(axis: 1, range..<range + 1)
  }

  /// The largest of each square of 2 x 2 positions, channel by channel. Features of a single row or column have no
  /// squares, and stay.
  var pooledBySquares: Tensor { shape[1] > 1 && shape[2] > 1 ? maxPool(kernel: 2) : self }

  /// Weights of squares of 2 x 2 positions, [batch, 1, squares], as those of the positions: [batch, height, width].
  /// Each gets a quarter, since which one was the largest differs from channel to channel. Positions in no square weigh
  /// nothing.
  func spreadOverSquares(height: Int, width: Int) -> Tensor {
    let (batch, rows, columns) = (shape[0], height / 2, width / 2)
    guard rows > 0, columns > 0 else { return reshaped(to: [batch, height, width]) }
    let spread = (reshaped(to: [batch, rows, columns, 1]) / 4).upsampledNearest(by: 2)
    return spread.padded([(0, 0), (0, height - 2 * rows), (0, width - 2 * columns), (0, 0)])
      .reshaped(to: [batch, height, width])
  }

  /// - Parameter module: Whose features these should be, for the message.
  func checkFeatures(channels: Int, of module: StaticString) {
    precondition(
      rank == 4 && shape[3] == channels && count > 0,
      "\(module): expected [batch, height, width, \(channels)], found shape \(shape)")
  }
}
