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
