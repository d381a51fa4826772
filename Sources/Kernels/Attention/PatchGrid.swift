/// The pairs of patches of two sets of pictures, and the part of them that a matrix holds.
///
/// Pictures have `height` x `width` places of `stride` x `stride` pixels. The patch of a place is the `kernel` x `kernel`
/// pixels around it, zeros outside the picture. A matrix of pairs has a row for each place of the queries' picture and a
/// column for each place of the keys' picture, both counted row by row.
///
/// As the kernel is a multiple of the stride, each patch is made of whole cells of `stride` x `stride` pixels, and a cell
/// is shared by all patches around it: everything about pairs of patches comes down to pairs of cells. With a kernel of 3
/// and stride 1 cells are pixels; with 4 and 2 they begin half a cell outside the picture.
package struct PatchGrid: Sendable {
  package let batch: Int
  package let height: Int
  package let width: Int
  package let channels: Int
  package let kernel: Int
  package let stride: Int
  /// The grid rows of the queries that the matrix holds, in its order.
  package let matrixRows: [Int]
  /// The grid rows that the queries' pictures hold. Outside they are zeros, and what is pasted there is lost.
  package let pictureRows: Range<Int>

  /// - Precondition: `kernel` is a multiple of `stride`, and larger by an even number; the rows lie on the grid.
  package init(
    batch: Int, height: Int, width: Int, channels: Int, kernel: Int, stride: Int, matrixRows: [Int],
    pictureRows: Range<Int>
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.matrixRows = matrixRows
    self.pictureRows = pictureRows
  }

  /// The number of keys.
  package var places: Int { height * width }
}

extension PatchGrid {
  /// The pixels of the first cell that lie outside the picture, along either axis.
  var inset: Int { (kernel - stride) / 2 % stride }

  /// The cells of a patch along either axis, counted from the cell with the number of its place.
  var offsets: ClosedRange<Int> {
    let first = -((kernel - stride) / 2 / stride)
    return first...first + kernel / stride - 1
  }

  /// The rows of cells that rows of places have pixels in.
  func cellRows(of rows: Range<Int>) -> Range<Int> {
    rows.lowerBound..<rows.upperBound + (inset > 0 && !rows.isEmpty ? 1 : 0)
  }

  var cellHeight: Int { cellRows(of: 0..<height).count }
  var cellWidth: Int { cellRows(of: 0..<width).count }
  var cells: Int { cellHeight * cellWidth }

  /// The numbers of a cell.
  var cellLength: Int { stride * stride * channels }

  /// The number of the first cell of some rows, of all that the queries' pictures hold.
  func firstCell(ofQueries rows: Range<Int>, _ image: Int) -> Int {
    let held = cellRows(of: pictureRows)
    return (image * held.count + rows.lowerBound - held.lowerBound) * cellWidth
  }

  /// The number of the first cell of some rows, of all that the keys' pictures hold.
  func firstCell(ofKeys rows: Range<Int>, _ image: Int) -> Int {
    (image * cellHeight + rows.lowerBound) * cellWidth
  }

  /// From products of cells to products of patches: Σ over a patch's cells.
  var cellsToPatches: ShiftedSum {
    ShiftedSum(from: (cellHeight, cellWidth), to: (height, width), offsets: offsets)
  }

  /// From weights of patches to weights of cells: Σ over the patches that hold a cell.
  var patchesToCells: ShiftedSum {
    ShiftedSum(
      from: (height, width), to: (cellHeight, cellWidth), offsets: -offsets.upperBound ... -offsets.lowerBound)
  }
}
