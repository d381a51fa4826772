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

/// The rows of a matrix of pairs by their place on the grid; only some of the grid's rows need be there.
struct PairRows {
  private let start: Source
  private let width: Int
  private let length: Int
  /// The position in the matrix of each row of the grid, or -1.
  private let positions: [Int]

  /// - Parameters:
  ///   - start: For each of `gridRows` and each of its places a row of `length` elements.
  ///   - height, width: The grid's.
  init(_ start: Source, length: Int, gridRows: [Int], height: Int, width: Int) {
    self.start = start
    self.width = width
    self.length = length
    var positions = [Int](repeating: -1, count: height)
    for (position, row) in gridRows.enumerated() { positions[row] = position }
    self.positions = positions
  }

  /// The row of a place; nil if the place lies outside the grid or the matrix.
  @inline(__always)
  subscript(row: Int, column: Int) -> Source? {
    guard row >= 0, row < positions.count, column >= 0, column < width, positions[row] >= 0 else { return nil }
    return start + (positions[row] * width + column) * length
  }
}

extension Range<Int> {
  /// As few pieces of at most `length` as there can be; their lengths differ by 1 at most, so that threads that take one
  /// each have the same work.
  func pieces(of length: Int) -> [Range<Int>] {
    let number = (count + length - 1) / length
    return (0..<number).map { lowerBound + count * $0 / number..<lowerBound + count * ($0 + 1) / number }
  }
}

/// Calls `body` with pictures as cells, [batch, cell rows · cell width, stride · stride · channels], zeros outside.
///
/// - Parameters:
///   - rows: The grid rows that the pictures hold.
///   - x: [batch, stride · rows, stride · width, channels].
@inline(__always)
func withCells(_ grid: PatchGrid, rows: Range<Int>, _ x: Source, _ body: (Source) -> Void) {
  // Cells of one pixel are the pictures themselves.
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

/// Pictures whose cells `body` writes; what it writes outside of them is lost.
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

/// One row of pixels of a row of cells.
private struct CellRow {
  let stride: Int
  let inset: Int
  /// The pictures' width in pixels.
  let width: Int
  /// The offset of this row in the first cell, in elements from the start of all cells.
  let firstCell: Int
  /// The offset of this row in the pictures, in elements from their start; nil if it lies outside.
  let firstPixel: Int?

  /// The pixels of a cell's row that lie in the picture: the first one's column in the picture and in the cell, and
  /// their number.
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
