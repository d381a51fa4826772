/// The filter gradient of a 3x3 convolution with stride 1 by F(4x4, 3x3): the adjoint of `winogradConvolve` in the
/// filter, Gᵀ [Σ (Bᵀ d B) ⊙ (A dy Aᵀ)] G over all tiles.
///
/// Tiles are summed in groups whose number depends on the shape alone, and the groups in order.
func winogradFilterGradient(
  _ geometry: ConvolutionGeometry, x: Source, cotangent: Source, into dw: Destination
) {
  let tiles = WinogradTiles(geometry)
  let (channels, filters) = (geometry.channels, geometry.filters)
  let block = tiles.blockLength
  let blocks = (tiles.count + block - 1) / block
  let sumLength = 36 * channels * filters
  let affordable = max(1, (8 << 20) / sumLength)
  let wanted = max(1, min(16, affordable, blocks))
  let blocksPerGroup = (blocks + wanted - 1) / wanted
  let groups = (blocks + blocksPerGroup - 1) / blocksPerGroup
  withScratch((groups + 1) * sumLength) { sums in
    parallelWorkers(tasks: groups) { next in
      withScratch(36 * block * (channels + filters) + 37 * channels + 25 * filters) { scratch in
        let v = scratch
        let z = v + 36 * block * channels
        let zeros = z + 36 * block * filters
        let columnBuffer = zeros + max(channels, filters)
        zeros.update(repeating: 0, count: max(channels, filters))
        while let group = next() {
          let sum = sums + group * sumLength
          for index in group * blocksPerGroup..<min(blocks, (group + 1) * blocksPerGroup) {
            let range = index * block..<min(tiles.count, (index + 1) * block)
            tiles.transformInput(range, capacity: block, x, zeros: zeros, columnBuffer: columnBuffer, into: v)
            tiles.transformCotangent(
              range, capacity: block, cotangent, zeros: zeros, columnBuffer: columnBuffer, into: z)
            for element in 0..<36 {
              // [channels x tiles] · [tiles x filters]
              multiply(
                m: channels, n: filters, k: range.count, v + element * block * channels, transposeA: true,
                aStride: channels, z + element * block * filters, bStride: filters,
                into: sum + element * channels * filters, cStride: filters,
                accumulate: index > group * blocksPerGroup)
            }
          }
        }
      }
    }
    let total = sums + groups * sumLength
    addGroups(groups, sumLength, sums, into: total)
    transformBack(channels: channels, filters: filters, total, into: dw)
  }
}

extension WinogradTiles {
  /// A dy Aᵀ of each tile's 4x4 cotangents: 36 matrices of `capacity` x filters, one row a tile.
  ///
  /// - Parameter columnBuffer: 24 x filters.
  fileprivate func transformCotangent(
    _ range: Range<Int>, capacity: Int, _ cotangent: Source, zeros: Source, columnBuffer: Destination,
    into z: Destination
  ) {
    let filters = geometry.filters
    let matrix = capacity * filters
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    forEach(range) { index, image, row, column in
      @inline(__always)
      func source(_ i: Int, _ j: Int) -> Source {
        let y = row + i * geometry.dilation
        let x = column + j * geometry.dilation
        return y < height && x < width ? cotangent + ((image * height + y) * width + x) * filters : zeros
      }
      for j in 0..<4 {
        WinogradTransforms.outputAdjoint(
          filters, source(0, j), source(1, j), source(2, j), source(3, j), into: columnBuffer + j * filters,
          stride: 4 * filters)
      }
      for i in 0..<6 {
        let b = Source(columnBuffer) + i * 4 * filters
        WinogradTransforms.outputAdjoint(
          filters, b, b + filters, b + 2 * filters, b + 3 * filters,
          into: z + i * 6 * matrix + index * filters, stride: matrix)
      }
    }
  }
}

/// Gᵀ s G of every pair of channels: [3, 3, channels, filters] of [36, channels, filters].
private func transformBack(channels: Int, filters: Int, _ s: Source, into w: Destination) {
  parallelRanges(channels, grain: max(1, elementGrain / (36 * max(1, filters)))) { range in
    let count = range.count * filters
    let tap = channels * filters
    let start = range.lowerBound * filters
    withScratch(18 * count) { rows in
      for i in 0..<6 {
        WinogradTransforms.filterAdjoint(
          count, s + i * 6 * tap + start, stride: tap, into: rows + i * count, stride: 6 * count)
      }
      for j in 0..<3 {
        WinogradTransforms.filterAdjoint(
          count, rows + j * 6 * count, stride: count, into: w + j * tap + start, stride: 3 * tap)
      }
    }
  }
}
