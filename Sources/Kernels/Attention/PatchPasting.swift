// Weighted sums of overlapping patches. In both directions a tile of the weights between cells is made where it stays
// in a thread's cache, and multiplied there.

/// Sums the keys' patches at the queries' positions, weighted: cell i of `out` is
/// Σ over cells j of (Σ over the offsets t of patches that contain them of weights[i - t, j - t]) · values[j].
///
/// - Parameters:
///   - weights: [batch, matrixRows.count · width, places].
///   - values: [batch, stride · height, stride · width, channels].
///   - out: [batch, stride · pictureRows.count, stride · width, channels].
package func pastePatches(_ grid: PatchGrid, weights: Source, values: Source, into out: Destination) {
  let tiles = WeightTiles(grid, queries: 300, keys: 400)
  withCells(grid, rows: 0..<grid.height, values) { values in
    mergingCells(grid, rows: grid.pictureRows, into: out) { out in
      parallelWorkers(tasks: grid.batch * tiles.queries.count) { next in
        withScratch(tiles.length) { tile in
          while let task = next() {
            let (image, number) = task.quotientAndRemainder(dividingBy: tiles.queries.count)
            let rows = tiles.queries[number]
            for keys in tiles.keys {
              tiles.fill(tile, image, rows, keys, weights)
              multiply(
                m: rows.count * grid.cellWidth, n: grid.cellLength, k: keys.count * grid.cellWidth,
                tile, aStride: keys.count * grid.cellWidth,
                values + grid.firstCell(ofKeys: keys, image) * grid.cellLength, bStride: grid.cellLength,
                into: out + grid.firstCell(ofQueries: rows, image) * grid.cellLength, cStride: grid.cellLength,
                accumulate: keys.lowerBound > 0)
            }
          }
        }
      }
    }
  }
}

/// Sums the queries' patches at the keys' positions, weighted by the transposed matrix: cell j of `out` is
/// Σ over cells i of (Σ over the offsets t of patches that contain them of weights[i - t, j - t]) · values[i].
///
/// - Parameters:
///   - weights: [batch, matrixRows.count · width, places].
///   - values: [batch, stride · pictureRows.count, stride · width, channels].
///   - out: [batch, stride · height, stride · width, channels].
package func pastePatchesTransposed(_ grid: PatchGrid, weights: Source, values: Source, into out: Destination) {
  let tiles = WeightTiles(grid, queries: 400, keys: 300)
  withCells(grid, rows: grid.pictureRows, values) { values in
    mergingCells(grid, rows: 0..<grid.height, into: out) { out in
      parallelWorkers(tasks: grid.batch * tiles.keys.count) { next in
        withScratch(tiles.length) { tile in
          while let task = next() {
            let (image, number) = task.quotientAndRemainder(dividingBy: tiles.keys.count)
            let keys = tiles.keys[number]
            for rows in tiles.queries {
              tiles.fill(tile, image, rows, keys, weights)
              multiply(
                m: keys.count * grid.cellWidth, n: grid.cellLength, k: rows.count * grid.cellWidth,
                tile, transposeA: true, aStride: keys.count * grid.cellWidth,
                values + grid.firstCell(ofQueries: rows, image) * grid.cellLength, bStride: grid.cellLength,
                into: out + grid.firstCell(ofKeys: keys, image) * grid.cellLength, cStride: grid.cellLength,
                accumulate: rows.lowerBound > tiles.queries[0].lowerBound)
            }
          }
        }
      }
    }
  }
}

/// Tiles of the matrix of weights between cells; a tile spans whole rows of cells on both sides.
private struct WeightTiles {
  let grid: PatchGrid
  /// Rows of cells.
  let queries: [Range<Int>]
  let keys: [Range<Int>]

  /// - Parameters:
  ///   - queries, keys: The approximate number of cells on each side of a tile.
  init(_ grid: PatchGrid, queries: Int, keys: Int) {
    self.grid = grid
    self.queries = grid.cellRows(of: grid.pictureRows).pieces(of: max(1, queries / max(1, grid.cellWidth)))
    self.keys = (0..<grid.cellHeight).pieces(of: max(1, keys / max(1, grid.cellWidth)))
  }

  /// The number of elements of the largest tile.
  var length: Int {
    (queries.map(\.count).max() ?? 0) * (keys.map(\.count).max() ?? 0) * grid.cellWidth * grid.cellWidth
  }

  @inline(__always)
  func fill(_ tile: Destination, _ image: Int, _ rows: Range<Int>, _ keys: Range<Int>, _ weights: Source) {
    let sum = grid.patchesToCells
    let weights = PairRows(
      weights + image * grid.matrixRows.count * grid.width * grid.places, length: grid.places,
      gridRows: grid.matrixRows, height: grid.height, width: grid.width)
    var line = tile
    for row in rows {
      for column in 0..<grid.cellWidth {
        sum.row(row, column, of: weights, keyRows: keys, into: line)
        line += keys.count * grid.cellWidth
      }
    }
  }
}
