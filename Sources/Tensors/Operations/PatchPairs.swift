package import Kernels

// Patches of feature maps, compared and summed without im2col matrices. The three operations here are each other's
// pullbacks, so they can be differentiated any number of times.

/// The dot products of every patch of the queries with every patch of the keys:
/// result[i, j] = scale[j] · ⟨patch i of `queries`, patch j of `keys`⟩.
///
/// Patches are `kernel` x `kernel` pixels with stride `stride` and zero padding: one per `stride` x `stride` square, in
/// row-major order.
///
/// - Parameters:
///   - queries, keys: [batch, stride · height, stride · width, channels].
///   - kernel: A multiple of `stride` that exceeds it by an even number.
///   - rows: The grid rows of the queries; all if nil.
///   - scale: A factor per key, [batch, 1, height · width].
/// - Returns: [batch, rows.count · width, height · width].
package func comparePatches(
  _ queries: Tensor, _ keys: Tensor, kernel: Int, stride: Int = 1, rows: [Int]? = nil, scale: Tensor? = nil
) -> Tensor {
  let grid = patchGrid("comparePatches", keys, kernel, stride, rows: rows, pictureRows: nil)
  precondition(
    queries.shape == keys.shape, "comparePatches: shapes \(queries.shape) and \(keys.shape) differ")
  precondition(
    scale.map { $0.shape == [grid.batch, 1, grid.places] } ?? true,
    "comparePatches: expected a scale of shape [\(grid.batch), 1, \(grid.places)], found \(scale?.shape ?? [])")
  return compared(grid, queries, keys, scale)
}

/// Weighted sums of patches: all patches of `values` are pasted at each position with their weights there, and overlaps
/// add up. A transposed convolution of the weights with the patches as filters.
///
/// - Parameters:
///   - weights: The weight of each patch at each position of the result, [batch, rows.count · width, height · width].
///   - values: [batch, stride · height, stride · width, channels], with patches as in `comparePatches`.
///   - rows: The grid rows of the result that `weights` holds; all if nil.
///   - newRows: The grid rows that the result holds; all if nil. What is pasted outside is dropped.
/// - Returns: [batch, stride · newRows.count, stride · width, channels].
package func pastePatches(
  _ weights: Tensor, of values: Tensor, kernel: Int, stride: Int = 1, from rows: [Int]? = nil,
  to newRows: Range<Int>? = nil
) -> Tensor {
  let grid = patchGrid("pastePatches", values, kernel, stride, rows: rows, pictureRows: newRows)
  precondition(
    weights.shape == grid.matrixShape,
    "pastePatches: expected weights of shape \(grid.matrixShape), found \(weights.shape)")
  return pasted(grid, weights, values)
}

private func compared(_ grid: PatchGrid, _ queries: Tensor, _ keys: Tensor, _ scale: Tensor? = nil) -> Tensor {
  var inputs: [(Tensor, Pullback)] = [
    (queries, { cotangent, _ in pasted(grid, scale.map { cotangent * $0 } ?? cotangent, keys) }),
    (keys, { cotangent, _ in pastedTransposed(grid, scale.map { cotangent * $0 } ?? cotangent, queries) }),
  ]
  if let scale {
    inputs.append((scale, { cotangent, products in (cotangent * products).sum(axes: [1]) / scale }))
  }
  return Tensor(shape: grid.matrixShape) { out in
    Kernels.comparePatches(
      grid, queries: queries.source, keys: keys.source, scale: scale?.source, into: out.baseAddress!)
  }
  .recorded(keepingOutput: scale != nil, from: inputs)
}

private func pasted(_ grid: PatchGrid, _ weights: Tensor, _ values: Tensor) -> Tensor {
  Tensor(shape: grid.queriesShape) { out in
    Kernels.pastePatches(grid, weights: weights.source, values: values.source, into: out.baseAddress!)
  }
  .recorded(
    from: (weights, { cotangent, _ in compared(grid, cotangent, values) }),
    (values, { cotangent, _ in pastedTransposed(grid, weights, cotangent) }))
}

/// Pastes the queries' patches at the keys' positions.
private func pastedTransposed(_ grid: PatchGrid, _ weights: Tensor, _ values: Tensor) -> Tensor {
  Tensor(shape: grid.keysShape) { out in
    Kernels.pastePatchesTransposed(grid, weights: weights.source, values: values.source, into: out.baseAddress!)
  }
  .recorded(
    from: (weights, { cotangent, _ in compared(grid, values, cotangent) }),
    (values, { cotangent, _ in pasted(grid, weights, cotangent) }))
}

private func patchGrid(
  _ name: StaticString, _ keys: Tensor, _ kernel: Int, _ stride: Int, rows: [Int]?, pictureRows: Range<Int>?
) -> PatchGrid {
  precondition(
    stride > 0 && kernel > 0 && kernel % stride == 0 && (kernel - stride) % 2 == 0,
    "\(name): the kernel (\(kernel)) must be a multiple of the stride (\(stride)) and exceed it by an even number")
  precondition(
    keys.rank == 4 && keys.shape[1] % stride == 0 && keys.shape[2] % stride == 0 && keys.shape[3] > 0,
    "\(name): expected pictures whose height and width are multiples of \(stride), found shape \(keys.shape)")
  let (height, width) = (keys.shape[1] / stride, keys.shape[2] / stride)
  let grid = PatchGrid(
    batch: keys.shape[0], height: height, width: width, channels: keys.shape[3], kernel: kernel, stride: stride,
    matrixRows: rows ?? Array(0..<height), pictureRows: pictureRows ?? 0..<height)
  precondition(
    !grid.matrixRows.isEmpty && !grid.pictureRows.isEmpty
      && (grid.matrixRows + grid.pictureRows).allSatisfy { (0..<height).contains($0) },
    "\(name): the rows \(grid.matrixRows) and \(grid.pictureRows) do not lie on a \(height)x\(width) grid")
  return grid
}

extension PatchGrid {
  fileprivate var matrixShape: Shape { [batch, matrixRows.count * width, places] }
  fileprivate var queriesShape: Shape { [batch, stride * pictureRows.count, stride * width, channels] }
  fileprivate var keysShape: Shape { [batch, stride * height, stride * width, channels] }
}

package typealias ScanOrder = Kernels.ScanOrder

extension Tensor {
  /// y[i, j] = x[i−1, j−1] + x[i, j] + x[i+1, j+1], where ±1 is the next or previous position of a grid in `order`;
  /// zeros beyond the grid.
  ///
  /// This is contextual attention's fusion (Yu et al., 2018, section 3.3), applied once in each order: a score
  /// increases if the neighbors of the foreground match the neighbors of the background. The operation is its own
  /// adjoint.
  ///
  /// - Parameters:
  ///   - height, width: The grid, whose positions index both axes of the matrices in row-major order.
  ///   - rows, newRows: The grid rows of i that this tensor and the result hold; all if nil. Rows that this tensor
  ///     lacks are zeros.
  /// - Returns: From [batch, rows.count · width, height · width]: [batch, newRows.count · width, height · width].
  package func diagonalSum(
    _ order: ScanOrder, height: Int, width: Int, from rows: [Int]? = nil, to newRows: [Int]? = nil
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
