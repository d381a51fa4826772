// From pictures to the transformed tiles that are multiplied. Element e = 6 i + j of a tile is row e of one of 36 matrices.

extension WinogradPlan {
  /// Bᵀ d B of each tile's 6x6 inputs: 36 matrices of one row a tile, blockChannels wide.
  ///
  /// - Parameters:
  ///   - matrixStride: The distance between the matrices in `v`.
  func transformInput(_ tiles: Range<Int>, _ x: Source, into v: Destination, matrixStride: Int) {
    let channels = input.channels
    let width = input.blockChannels
    withZeros(channels) { zeros in
      withUnsafeTemporaryAllocation(of: Source.self, capacity: 36) { sources in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 36) { offsets in
          for (row, tile) in tiles.enumerated() {
            for phase in 0..<input.blockArea {
              inputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
              for i in 0..<36 { sources[i] = offsets[i] < 0 ? zeros : x + offsets[i] }
              transformInputTile(
                channels, UnsafePointer(sources.baseAddress!), into: v + row * width + phase * channels,
                matrixStride: matrixStride)
            }
          }
        }
      }
    }
  }

  /// The same on all threads.
  func transformInputInParallel(_ tiles: Range<Int>, _ x: Source, into v: Destination, matrixStride: Int) {
    let part = 12  // tiles of one task
    parallel(tasks: (tiles.count + part - 1) / part) { task in
      let start = task * part
      transformInput(
        tiles.lowerBound + start..<min(tiles.upperBound, tiles.lowerBound + start + part), x,
        into: v + start * input.blockChannels, matrixStride: matrixStride)
    }
  }

  /// A dy Aᵀ of each tile's 4x4 cotangents, as 36 matrices in panels of 16 columns: [blockChannels / 16][capacity][16].
  ///
  /// - Parameters:
  ///   - first: The row of the first tile.
  ///   - capacity: The rows of the matrices.
  func transformCotangent(
    _ tiles: Range<Int>, _ cotangent: Source, into z: Destination, first: Int, capacity: Int, matrixStride: Int
  ) {
    let channels = output.channels
    withZeros(channels) { zeros in
      withUnsafeTemporaryAllocation(of: Source.self, capacity: 16) { sources in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { offsets in
          for (row, tile) in tiles.enumerated() {
            for phase in 0..<output.blockArea {
              outputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
              for i in 0..<16 { sources[i] = offsets[i] < 0 ? zeros : cotangent + offsets[i] }
              for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
                let (panel, column) = (phase * channels + channel).quotientAndRemainder(dividingBy: Microkernel.columns)
                transformCotangentLanes(
                  channel, UnsafePointer(sources.baseAddress!),
                  into: z + (panel * capacity + first + row) * Microkernel.columns + column,
                  matrixStride: matrixStride)
              }
            }
          }
        }
      }
    }
  }
}

@inline(__always)
private func transformInputTile(
  _ channels: Int, _ x: UnsafePointer<Source>, into v: Destination, matrixStride: Int
) {
  withLaneGrid { grid in
    for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
      for j in 0..<6 {
        grid.setColumn(
          j,
          WinogradTransforms.input(
            (
              x[j].lanes(channel), x[6 + j].lanes(channel), x[12 + j].lanes(channel), x[18 + j].lanes(channel),
              x[24 + j].lanes(channel), x[30 + j].lanes(channel)
            )))
      }
      for i in 0..<6 {
        storeRow(i, WinogradTransforms.input(grid.row(i)), into: v + channel, matrixStride: matrixStride)
      }
    }
  }
}

@inline(__always)
private func transformCotangentLanes(
  _ channel: Int, _ y: UnsafePointer<Source>, into z: Destination, matrixStride: Int
) {
  withLaneGrid { grid in
    for j in 0..<4 {
      grid.setColumn(
        j,
        WinogradTransforms.outputAdjoint(
          (y[j].lanes(channel), y[4 + j].lanes(channel), y[8 + j].lanes(channel), y[12 + j].lanes(channel))))
    }
    for i in 0..<6 {
      let row = grid.row(i)
      storeRow(
        i, WinogradTransforms.outputAdjoint((row.0, row.1, row.2, row.3)), into: z, matrixStride: matrixStride)
    }
  }
}

/// Elements 6 i ..< 6 i + 6 of a tile, each to its own matrix.
@inline(__always)
func storeRow(_ i: Int, _ x: SixLanes, into out: Destination, matrixStride: Int) {
  let out = out + 6 * i * matrixStride
  out.store(x.0, 0)
  out.store(x.1, matrixStride)
  out.store(x.2, 2 * matrixStride)
  out.store(x.3, 3 * matrixStride)
  out.store(x.4, 4 * matrixStride)
  out.store(x.5, 5 * matrixStride)
}

/// Elements 6 i ..< 6 i + 6, each from its own matrix.
@inline(__always)
func loadRow(_ i: Int, from source: Source, matrixStride: Int) -> SixLanes {
  let source = source + 6 * i * matrixStride
  return (
    source.lanes(0), source.lanes(matrixStride), source.lanes(2 * matrixStride), source.lanes(3 * matrixStride),
    source.lanes(4 * matrixStride), source.lanes(5 * matrixStride)
  )
}

/// Gives `body` so many zeros, for what lies outside a picture.
@inline(__always)
private func withZeros(_ count: Int, _ body: (Source) -> Void) {
  // A temporary allocation whose size the compiler does not know would compile the body twice.
  withScratch(count) { zeros in
    zeros.update(repeating: 0, count: count)
    body(Source(zeros))
  }
}
