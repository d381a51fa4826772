/// The geometry of the pairs of patches of two feature maps, and of the rows of their matrix that are computed.
///
/// A feature map has `height` x `width` positions of `stride` x `stride` pixels each. The patch of a position is the
/// `kernel` x `kernel` pixels around it, with zero padding. A matrix of pairs has a row per position of the queries and
/// a column per position of the keys, both in row-major order.
///
/// The kernel is a multiple of the stride, so a patch consists of whole cells of `stride` x `stride` pixels, and
/// overlapping patches share cells: every sum over pairs of patches is computed from pairs of cells. With a kernel of 3
/// and stride 1 a cell is a pixel; with a kernel of 4 and stride 2 the first cell begins half a cell outside the
/// feature map.
package struct PatchGrid: Sendable {
  package let batch: Int
  package let height: Int
  package let width: Int
  package let channels: Int
  package let kernel: Int
  package let stride: Int
  /// The rows of the queries' grid that the matrix holds, in its order.
  package let matrixRows: [Int]
  /// The grid rows that the queries' feature maps hold. Rows outside are read as zeros and never written.
  package let pictureRows: Range<Int>

  /// - Precondition: `kernel` is a multiple of `stride` and exceeds it by an even number; all rows lie on the grid.
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

  /// The number of keys of one image.
  package var places: Int { height * width }
}

extension PatchGrid {
  /// The pixels of the first cell that lie outside the feature map, along either axis.
  var inset: Int { (kernel - stride) / 2 % stride }

  /// The cells of a patch along either axis, relative to the cell with the index of its position.
  var offsets: ClosedRange<Int> {
    let first = -((kernel - stride) / 2 / stride)
    return first...first + kernel / stride - 1
  }

  /// The rows of cells that overlap some grid rows.
  func cellRows(of rows: Range<Int>) -> Range<Int> {
    rows.lowerBound..<rows.upperBound + (inset > 0 && !rows.isEmpty ? 1 : 0)
  }

  var cellHeight: Int { cellRows(of: 0..<height).count }
  var cellWidth: Int { cellRows(of: 0..<width).count }
  var cells: Int { cellHeight * cellWidth }

  /// The number of elements of a cell.
  var cellLength: Int { stride * stride * channels }

  /// The index of the first cell of some rows, among all cells of the queries' feature maps.
  func firstCell(ofQueries rows: Range<Int>, _ image: Int) -> Int {
    let held = cellRows(of: pictureRows)
    return (image * held.count + rows.lowerBound - held.lowerBound) * cellWidth
  }

  /// The index of the first cell of some rows, among all cells of the keys' feature maps.
  func firstCell(ofKeys rows: Range<Int>, _ image: Int) -> Int {
    (image * cellHeight + rows.lowerBound) * cellWidth
  }

  /// From products of cells to products of patches: the sum over the cells of a patch.
  var cellsToPatches: ShiftedSum {
    ShiftedSum(from: (cellHeight, cellWidth), to: (height, width), offsets: offsets)
  }

  /// From weights of patches to weights of cells: the sum over the patches that contain a cell.
  var patchesToCells: ShiftedSum {
    ShiftedSum(
      from: (height, width), to: (cellHeight, cellWidth), offsets: -offsets.upperBound ... -offsets.lowerBound)
  }
}

/// Access to the rows of a matrix of pairs by grid position; the matrix may hold some of the grid's rows only.
struct PairRows {
  private let start: Source
  private let width: Int
  private let length: Int
  /// The index in the matrix of each row of the grid; -1 if it is not there.
  private let positions: [Int]

  /// - Parameters:
  ///   - start: One row of `length` elements per position of each of `gridRows`.
  ///   - height, width: The size of the grid.
  init(_ start: Source, length: Int, gridRows: [Int], height: Int, width: Int) {
    self.start = start
    self.width = width
    self.length = length
    var positions = [Int](repeating: -1, count: height)
    for (position, row) in gridRows.enumerated() { positions[row] = position }
    self.positions = positions
  }

  /// The matrix row of a grid position; nil outside the grid or if the matrix does not hold it.
  @inline(__always)
  subscript(row: Int, column: Int) -> Source? {
    guard row >= 0, row < positions.count, column >= 0, column < width, positions[row] >= 0 else { return nil }
    return start + (positions[row] * width + column) * length
  }
}

extension Range<Int> {
  /// As few ranges of at most `length` elements as possible. Their lengths differ by at most 1, so that threads get
  /// equal work.
  func pieces(of length: Int) -> [Range<Int>] {
    let number = (count + length - 1) / length
    return (0..<number).map { lowerBound + count * $0 / number..<lowerBound + count * ($0 + 1) / number }
  }
}

/// Calls `body` with feature maps split into cells: [batch, cell rows · cellWidth, stride · stride · channels], with
/// zero padding.
///
/// - Parameters:
///   - rows: The grid rows that the feature maps hold.
///   - x: [batch, stride · rows.count, stride · width, channels].
@inline(__always)
func withCells(_ grid: PatchGrid, rows: Range<Int>, _ x: Source, _ body: (Source) -> Void) {
  // Cells of one pixel are the feature maps themselves.
  guard grid.stride > 1 else { return body(x) }
  withScratch(grid.batch * grid.cellRows(of: rows).count * grid.cellWidth * grid.cellLength) { cells in
    forEachCellRow(grid, rows) { row in
      for column in 0..<grid.cellWidth {
        let line = cells + row.firstCell + column * grid.cellLength
        let pixels = row.pixels(ofCell: column)
        if pixels.count < grid.stride || row.firstPixel == nil {
          line.update(repeating: 0, count: grid.stride * grid.channels)
        }
        if let first = row.firstPixel {
          (line + pixels.start * grid.channels).update(
            from: x + first + pixels.column * grid.channels, count: pixels.count * grid.channels)
        }
      }
    }
    body(cells)
  }
}

/// Merges the cells that `body` writes into feature maps, the inverse of `withCells`. Padding is dropped.
@inline(__always)
func mergingCells(_ grid: PatchGrid, rows: Range<Int>, into out: Destination, _ body: (Destination) -> Void) {
  guard grid.stride > 1 else { return body(out) }
  withScratch(grid.batch * grid.cellRows(of: rows).count * grid.cellWidth * grid.cellLength) { cells in
    body(cells)
    forEachCellRow(grid, rows) { row in
      guard let first = row.firstPixel else { return }
      for column in 0..<grid.cellWidth {
        let pixels = row.pixels(ofCell: column)
        (out + first + pixels.column * grid.channels).update(
          from: cells + row.firstCell + column * grid.cellLength + pixels.start * grid.channels,
          count: pixels.count * grid.channels)
      }
    }
  }
}

/// One row of pixels within a row of cells.
private struct CellRow {
  let stride: Int
  let inset: Int
  /// The width of the feature maps in pixels.
  let width: Int
  /// The offset of this row of pixels in the row's first cell, in elements from the first cell of all.
  let firstCell: Int
  /// The offset of this row of pixels in the feature maps, in elements; nil in the padding.
  let firstPixel: Int?

  /// The pixels of this row that a cell holds, without padding: the column of the first in the feature map and in the
  /// cell, and their number.
  @inline(__always)
  func pixels(ofCell number: Int) -> (column: Int, start: Int, count: Int) {
    let column = number * stride - inset
    let first = max(0, column)
    return (first, first - column, min(width, column + stride) - first)
  }
}

@inline(__always)
private func forEachCellRow(_ grid: PatchGrid, _ rows: Range<Int>, _ body: (CellRow) -> Void) {
  let cellRows = grid.cellRows(of: rows).count
  let (pixelRows, pixelWidth) = (rows.count * grid.stride, grid.width * grid.stride)
  let grain = max(1, elementGrain / max(1, pixelWidth * grid.channels))
  parallelRanges(grid.batch * cellRows * grid.stride, grain: grain) { range in
    for task in range {
      let (line, within) = task.quotientAndRemainder(dividingBy: grid.stride)
      let (image, cellRow) = line.quotientAndRemainder(dividingBy: cellRows)
      let row = cellRow * grid.stride + within - grid.inset
      let isInside = row >= 0 && row < pixelRows
      body(
        CellRow(
          stride: grid.stride, inset: grid.inset, width: pixelWidth,
          firstCell: (line * grid.cellWidth * grid.stride + within) * grid.stride * grid.channels,
          firstPixel: isInside ? (image * pixelRows + row) * pixelWidth * grid.channels : nil))
    }
  }
}
