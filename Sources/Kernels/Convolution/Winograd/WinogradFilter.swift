/// G w Gᵀ of every pair of channels: [36, channels, filters] of [3, 3, channels, filters].
func winogradTransformFilter(channels: Int, filters: Int, _ w: Source, into u: Destination) {
  parallelRanges(channels, grain: max(1, elementGrain / (36 * max(1, filters)))) { range in
    let count = range.count * filters
    let tap = channels * filters
    let start = range.lowerBound * filters
    withScratch(18 * count) { columns in
      for j in 0..<3 {
        let w = w + j * tap + start
        WinogradTransforms.filter(
          count, w, w + 3 * tap, w + 6 * tap, into: columns + j * count, stride: 3 * count)
      }
      for i in 0..<6 {
        let row = Source(columns) + i * 3 * count
        WinogradTransforms.filter(
          count, row, row + count, row + 2 * count, into: u + i * 6 * tap + start, stride: tap)
      }
    }
  }
}
