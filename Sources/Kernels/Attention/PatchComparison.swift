/// The dot products of every query patch with every key patch:
/// out[i, j] = scale[j] · Σ over the cells t of a patch of ⟨queries[i + t], keys[j + t]⟩.
///
/// Overlapping patches share their cells' products, so this takes (`kernel` / `stride`)² times fewer operations than
/// the product of the two im2col matrices.
///
/// - Parameters:
///   - queries: [batch, stride · pictureRows.count, stride · width, channels].
///   - keys: [batch, stride · height, stride · width, channels].
///   - scale: [batch, places], a factor per key; 1 if nil.
///   - out: [batch, matrixRows.count · width, places].
package func comparePatches(
  _ grid: PatchGrid, queries: Source, keys: Source, scale: Source?, into out: Destination
) {
  withCells(grid, rows: grid.pictureRows, queries) { queries in
    withCells(grid, rows: 0..<grid.height, keys) { keys in
      for slabs in Slab.groups(grid) {
        compareSlabs(grid, slabs, queries, keys, scale, into: out)
      }
    }
  }
}

private func compareSlabs(
  _ grid: PatchGrid, _ slabs: [Slab], _ queries: Source, _ keys: Source, _ scale: Source?, into out: Destination
) {
  let lineLength = grid.cellWidth * grid.cells
  withScratch(slabs.reduce(0) { $0 + $1.cellRows.count } * lineLength) { products in
    let products = slabs.indices.map { index in
      products + slabs[..<index].reduce(0) { $0 + $1.cellRows.count } * lineLength
    }
    let multiplications = slabs.indices.flatMap { slab in
      slabs[slab].cellRows.pieces(of: max(1, 300 / grid.cellWidth)).map { (slab: slab, rows: $0) }
    }
    parallel(tasks: multiplications.count) { task in
      let (number, rows) = multiplications[task]
      let slab = slabs[number]
      multiply(
        m: rows.count * grid.cellWidth, n: grid.cells, k: grid.cellLength,
        queries + grid.firstCell(ofQueries: rows, slab.image) * grid.cellLength, aStride: grid.cellLength,
        keys + slab.image * grid.cells * grid.cellLength, transposeB: true, bStride: grid.cellLength,
        into: products[number] + (rows.lowerBound - slab.cellRows.lowerBound) * lineLength, cStride: grid.cells)
    }
    let additions = slabs.indices.flatMap { slab in
      (0..<slabs[slab].positions.count * grid.width).pieces(of: max(1, elementGrain / (4 * grid.places)))
        .map { (slab: slab, lines: $0) }
    }
    parallel(tasks: additions.count) { task in
      let (number, lines) = additions[task]
      addProducts(grid, slabs[number], lines, products[number], scale, into: out)
    }
  }
}

/// Sums products of cells into rows of `out`; `lines` counts them from the slab's first row.
@inline(__always)
private func addProducts(
  _ grid: PatchGrid, _ slab: Slab, _ lines: Range<Int>, _ products: Source, _ scale: Source?, into out: Destination
) {
  let places = grid.places
  let sum = grid.cellsToPatches
  let products = PairRows(
    products, length: grid.cells, gridRows: Array(slab.cellRows), height: grid.cellHeight, width: grid.cellWidth)
  let first = (slab.image * grid.matrixRows.count + slab.positions.lowerBound) * grid.width
  for line in lines {
    let row = grid.matrixRows[slab.positions.lowerBound + line / grid.width]
    let out = out + (first + line) * places
    sum.row(row, line % grid.width, of: products, keyRows: 0..<grid.height, into: out)
    if let scale {
      let scale = scale + slab.image * places
      for j in 0..<places { out[j] *= scale[j] }
    }
  }
}

/// Consecutive grid rows of the matrix, whose cells are multiplied together.
private struct Slab {
  let image: Int
  /// The slab's range in `PatchGrid.matrixRows`.
  let positions: Range<Int>
  /// The rows of the queries' cells that its patches consist of.
  let cellRows: Range<Int>

  /// The most products held at once, in scalars: few enough for a processor's caches.
  private static let productsAtOnce = 1 << 21

  /// The lower bound on a slab's maximum number of rows: cell rows that two slabs share are multiplied twice.
  private static let rowsAtOnce = 8

  /// All slabs of a batch, in groups whose products are in memory at the same time.
  static func groups(_ grid: PatchGrid) -> [[Slab]] {
    let rowLength = max(1, grid.cellWidth * grid.cells)
    let longest = max(rowsAtOnce, productsAtOnce / rowLength)
    var groups: [[Slab]] = []
    var held = 0
    for image in 0..<grid.batch {
      for positions in neighboringRows(grid, longest) {
        let slab = Slab(grid, image, positions)
        if groups.isEmpty || (held + slab.cellRows.count) * rowLength > productsAtOnce {
          groups.append([])
          held = 0
        }
        groups[groups.count - 1].append(slab)
        held += slab.cellRows.count
      }
    }
    return groups
  }

  private init(_ grid: PatchGrid, _ image: Int, _ positions: Range<Int>) {
    let held = grid.cellRows(of: grid.pictureRows)
    let first = max(held.lowerBound, grid.matrixRows[positions.lowerBound] + grid.offsets.lowerBound)
    let end = min(held.upperBound, grid.matrixRows[positions.upperBound - 1] + grid.offsets.upperBound + 1)
    self.image = image
    self.positions = positions
    cellRows = first..<max(first, end)
  }

  private static func neighboringRows(_ grid: PatchGrid, _ longest: Int) -> [Range<Int>] {
    let rows = grid.matrixRows
    var runs: [Range<Int>] = []
    for position in rows.indices {
      if let last = runs.last, last.count < longest, rows[position] == rows[position - 1] + 1 {
        runs[runs.count - 1] = last.lowerBound..<position + 1
      } else {
        runs.append(position..<position + 1)
      }
    }
    return runs
  }
}
