/// The products of patches, each of the queries' with each of the keys':
/// out[i, j] = scale[j] · Σ over a patch's cells t of ⟨queries[i + t], keys[j + t]⟩.
///
/// Products of cells are shared by all patches that hold them, so that this takes (`kernel` / `stride`)² times fewer
/// operations than a product of the matrices of patches.
///
/// - Parameters:
///   - queries: [batch, stride · picture rows, stride · width, channels].
///   - keys: [batch, stride · height, stride · width, channels].
///   - scale: [batch, places]; 1 if nil.
///   - out: [batch, matrix rows · width, places].
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

/// The lines of a slab's part of the result, numbered from its first one.
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

/// Neighboring grid rows of a matrix, whose products of cells are made together.
private struct Slab {
  let image: Int
  /// The numbers of the rows in the matrix.
  let positions: Range<Int>
  /// The rows of the queries' cells that they need.
  let cellRows: Range<Int>

  /// Products that are kept at once: few enough for a processor's caches.
  private static let productsAtOnce = 1 << 21

  /// At least so many rows of a large grid: those that a slab shares with the next one are multiplied twice.
  private static let rowsAtOnce = 8

  /// All of a batch, in groups that are in memory at once.
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
