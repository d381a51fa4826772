/// The gradient of a convolution's filter: the adjoint of `convolve` in w.
///
/// A slab, which is some kernel rows of the filter, is the product of the transposed im2col matrix with the cotangent.
/// Pixels are summed in groups, and the groups are added in order. The number of groups depends on the shape alone.
package func convolveFilterGradient(
  _ geometry: ConvolutionGeometry, x: Source, cotangent: Source, into dw: Destination
) {
  let backEnd = ConvolutionMethod.backEnd
  if ConvolutionMethod.usesWinograd(geometry), let (plan, filter) = geometry.winograd {
    return winogradFilterGradient(plan, filter, x: x, cotangent: cotangent, on: backEnd, into: dw)
  }
  if ConvolutionMethod.usesNarrowOutput(geometry) {
    return narrowFilterGradient(geometry, x: x, cotangent: cotangent, on: backEnd, into: dw)
  }
  let all = Im2col(patchesOf: geometry)
  let filters = geometry.filters
  let pixels = geometry.batch * all.gridHeight * all.gridWidth
  let rowLength = geometry.kernelWidth * geometry.channels
  let slabRows = min(geometry.kernelHeight, max(1, 256 / rowLength))
  let slabs = (geometry.kernelHeight + slabRows - 1) / slabRows
  let tile = tilePixels(patchLength: slabRows * rowLength, on: backEnd)
  let groups = filterGradientGroups(geometry, slabs: slabs, pixels: pixels, tile: tile)
  let tilesInAll = (pixels + tile - 1) / tile
  let tilesPerGroup = (tilesInAll + groups - 1) / groups
  let filterLength = geometry.patchLength * filters
  withScratch(groups * filterLength) { sums in
    parallelWorkers(tasks: groups * slabs) { next in
      let panelsLength = RightMatrix.panelsLength(on: backEnd, k: tile, n: filters)
      withScratch(tile * slabRows * rowLength + panelsLength) { matrix in
        let panels = matrix + tile * slabRows * rowLength
        while let task = next() {
          let (group, slab) = task.quotientAndRemainder(dividingBy: slabs)
          var im2col = all
          im2col.rowOffsets = Array(all.rowOffsets.dropFirst(slab * slabRows).prefix(slabRows))
          let length = im2col.patchLength
          let sum = sums + group * filterLength + slab * slabRows * rowLength * filters
          let tiles = group * tilesPerGroup..<min(tilesInAll, (group + 1) * tilesPerGroup)
          for index in tiles {
            let range = index * tile..<min(pixels, (index + 1) * tile)
            im2col.gather(range, from: x, into: matrix)
            let right = RightMatrix(
              on: backEnd, k: range.count, n: filters, cotangent + range.lowerBound * filters, rowStride: filters,
              panels: panels)
            // [patch x pixels] · [pixels x filters]
            right.multiply(
              m: length, matrix, rowStride: 1, step: length, into: sum, cStride: filters,
              accumulates: index > tiles.lowerBound)
          }
        }
      }
    }
    addGroups(groups, filterLength, sums, into: dw)
  }
}

/// The number of groups: enough to keep many threads busy, as long as their sums stay small.
private func filterGradientGroups(_ geometry: ConvolutionGeometry, slabs: Int, pixels: Int, tile: Int) -> Int {
  let tiles = (pixels + tile - 1) / tile
  let wanted = max(1, 64 / slabs)
  let affordable = max(1, (8 << 20) / max(1, geometry.patchLength * geometry.filters))
  let groups = max(1, min(wanted, affordable, tiles))
  // Rounding up the tiles per group can leave the last groups empty.
  let tilesPerGroup = (tiles + groups - 1) / groups
  return max(1, (tiles + tilesPerGroup - 1) / tilesPerGroup)
}

/// out = the sum of the groups' sums, added in order.
func addGroups(_ groups: Int, _ count: Int, _ sums: Destination, into out: Destination) {
  parallelRanges(count, grain: elementGrain) { range in
    for i in range { out[i] = sums[i] }
    for group in 1..<max(1, groups) {
      let sum = sums + group * count
      for i in range { out[i] += sum[i] }
    }
  }
}
