import Kernels

package typealias PlaceOrder = Kernels.PlaceOrder

extension Tensor {
  /// y[i, j] = x[i−1, j−1] + x[i, j] + x[i+1, j+1], where ±1 is the next place of a grid in `order`; zeros where there is
  /// none.
  ///
  /// This is contextual attention's fusion (Yu et al., 2018, section 3.3), once along each order: a score counts more if
  /// the neighbors of the foreground match the neighbors of the background. The operation is its own adjoint.
  ///
  /// - Parameters:
  ///   - height, width: The grid, whose places index both axes of the matrices row by row.
  ///   - rows, newRows: The grid rows of i that this tensor and the result hold; all of them if nil. Those that this
  ///     tensor lacks are zeros.
  /// - Returns: From [batch, rows · width, height · width]: [batch, newRows · width, height · width].
  package func diagonalSum(
    _ order: PlaceOrder, height: Int, width: Int, from rows: [Int]? = nil, to newRows: [Int]? = nil
  ) -> Tensor {
    let rows = rows ?? Array(0..<height)
    let newRows = newRows ?? Array(0..<height)
    precondition(
      rank == 3 && shape[1] == rows.count * width && shape[2] == height * width
        && (rows + newRows).allSatisfy { (0..<height).contains($0) },
      "diagonalSum: expected [batch, \(rows.count * width), \(height * width)] for the rows \(rows) and \(newRows) of a "
        + "\(height)x\(width) grid, found shape \(shape)")
    return Tensor(shape: [shape[0], newRows.count * width, height * width]) { out in
      Kernels.diagonalSum(
        order, batch: shape[0], height: height, width: width, xRows: rows, outRows: newRows, source,
        into: out.baseAddress!)
    }
    .recorded(
      from: (
        self,
        { cotangent, _ in cotangent.diagonalSum(order, height: height, width: width, from: newRows, to: rows) }
      ))
  }
}
