/// The pixels of one tile: small enough for its im2col matrix to stay in a core's L2 cache, large enough for the matrix
/// product to be worth its set-up. A function of the shape alone, so that results do not depend on the machine's load.
func tilePixels(patchLength: Int, on backEnd: GEMM.BackEnd) -> Int {
  let budget = 96 * 1024  // scalars
  // OpenBLAS packs B at every call: a hundred rows and more pay for that.
  let least = backEnd == .openBLAS ? 128 : 64
  return min(512, max(least, budget / max(1, patchLength) / 16 * 16))
}

/// Multiplies every patch of a grid by a filter matrix: the engine of the convolution and of its input gradient.
///
/// - Parameters:
///   - batch: Pictures in the source.
///   - filter: patchLength x filters.
///   - finish: Called with each tile's pixels and its rows of products (rows x filters), for storing them elsewhere or
///     adding a bias while they are in cache.
///   - out: Where the products of consecutive pixels go, or nil: then they stay in a buffer that only `finish` sees.
func multiplyPatches(
  _ im2col: Im2col, batch: Int, source: Source, filter: Source, filters: Int, on backEnd: GEMM.BackEnd,
  into out: Destination?, finish: (_ pixels: Range<Int>, _ products: Destination) -> Void
) {
  let pixels = batch * im2col.gridHeight * im2col.gridWidth
  let length = im2col.patchLength
  let tile = tilePixels(patchLength: length, on: backEnd)
  RightMatrix.withArranged(on: backEnd, k: length, n: filters, filter) { right in
    parallelWorkers(tasks: (pixels + tile - 1) / tile) { next in
      withScratch((im2col.isIdentity ? 0 : tile * length) + (out == nil ? tile * filters : 0)) { matrix in
        let products = im2col.isIdentity ? matrix : matrix + tile * length
        while let task = next() {
          let range = task * tile..<min(pixels, (task + 1) * tile)
          if !im2col.isIdentity { im2col.gather(range, from: source, into: matrix) }
          let rows = im2col.isIdentity ? source + range.lowerBound * length : Source(matrix)
          let target = out.map { $0 + range.lowerBound * filters } ?? products
          // [pixels x patch] · [patch x filters]
          right.multiply(m: range.count, rows, rowStride: length, step: 1, into: target, cStride: filters)
          finish(range, target)
        }
      }
    }
  }
}
