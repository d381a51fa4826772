/// The cotangent of a convolution's filter: the adjoint of `convolve` in w.
///
/// Each kernel row of the filter is the product of the input's windows, transposed, with the cotangent. The pixels are
/// summed in groups whose number depends on the shape alone, and the groups in order.
public func convolveFilterGradient(
  _ geometry: ConvolutionGeometry, x: Source, cotangent: Source, into dw: Destination
) {
  if ConvolutionMethod.usesWinograd(geometry) {
    return winogradFilterGradient(geometry, x: x, cotangent: cotangent, into: dw)
  }
  let all = WindowGather(windowsOf: geometry)
  let filters = geometry.filters
  let pixels = geometry.batch * all.gridHeight * all.gridWidth
  let rowLength = geometry.kernelWidth * geometry.channels
  let tile = tilePixels(windowLength: rowLength)
  let groups = filterGradientGroups(geometry, pixels: pixels, tile: tile)
  let tilesInAll = (pixels + tile - 1) / tile
  let tilesPerGroup = (tilesInAll + groups - 1) / groups
  let filterLength = geometry.windowLength * filters
  withScratch(groups * filterLength) { sums in
    parallelWorkers(tasks: groups * geometry.kernelHeight) { next in
      withScratch(tile * rowLength) { matrix in
        while let task = next() {
          let (group, kernelRow) = task.quotientAndRemainder(dividingBy: geometry.kernelHeight)
          var windows = all
          windows.rowOffsets = [all.rowOffsets[kernelRow]]
          let sum = sums + group * filterLength + kernelRow * rowLength * filters
          let tiles = group * tilesPerGroup..<min(tilesInAll, (group + 1) * tilesPerGroup)
          for index in tiles {
            let range = index * tile..<min(pixels, (index + 1) * tile)
            windows.gather(range, from: x, into: matrix)
            // [window x pixels] · [pixels x filters]
            multiply(
              m: rowLength, n: filters, k: range.count, matrix, transposeA: true, aStride: rowLength,
              cotangent + range.lowerBound * filters, bStride: filters, into: sum, cStride: filters,
              accumulate: index > tiles.lowerBound)
          }
        }
      }
    }
    addGroups(groups, filterLength, sums, into: dw)
  }
}

/// Enough groups to keep many threads busy, as long as their sums stay small.
private func filterGradientGroups(_ geometry: ConvolutionGeometry, pixels: Int, tile: Int) -> Int {
  let tiles = (pixels + tile - 1) / tile
  let wanted = max(1, 64 / geometry.kernelHeight)
  let affordable = max(1, (8 << 20) / max(1, geometry.windowLength * geometry.filters))
  let groups = max(1, min(wanted, affordable, tiles))
  // Rounding the tiles of a group up can leave the last groups without any.
  let tilesPerGroup = (tiles + groups - 1) / groups
  return max(1, (tiles + tilesPerGroup - 1) / tilesPerGroup)
}

/// out = the groups' sums, added in order.
func addGroups(_ groups: Int, _ count: Int, _ sums: Destination, into out: Destination) {
  parallelRanges(count, grain: elementGrain) { range in
    for i in range { out[i] = sums[i] }
    for group in 1..<max(1, groups) {
      let sum = sums + group * count
      for i in range { out[i] += sum[i] }
    }
  }
}
