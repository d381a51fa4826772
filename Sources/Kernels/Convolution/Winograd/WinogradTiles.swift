// From feature maps to transformed tiles. Element e = 6 i + j of every tile forms one of 36 matrices, with a row per
// tile.

extension WinogradPlan {
  /// Bᵀ d B of each tile's 6x6 inputs: 36 matrices of one row per tile and blockChannels columns.
  ///
  /// - Parameter matrixStride: The distance between the matrices in `v`.
  func transformInput(_ tiles: Range<Int>, _ x: Source, into v: Destination, matrixStride: Int) {
    let channels = input.channels
    let width = input.blockChannels
    let isWide = InstructionSet.prefersWideLanes && channels % WideLanes.scalarCount == 0
    withZeros(channels) { zeros in
      withUnsafeTemporaryAllocation(of: Source.self, capacity: 36) { sources in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 36) { offsets in
          for (row, tile) in tiles.enumerated() {
            for phase in 0..<input.blockArea {
              inputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
              for i in 0..<36 { sources[i] = offsets[i] < 0 ? zeros : x + offsets[i] }
              let (tile, target) = (UnsafePointer(sources.baseAddress!), v + row * width + phase * channels)
              // Whole lines of the cache at a time, where a vector has as many bits.
              if isWide {
                transformInputTile(WideLanes.self, channels, tile, into: target, matrixStride: matrixStride)
              } else {
                transformInputTile(Lanes.self, channels, tile, into: target, matrixStride: matrixStride)
              }
            }
          }
        }
      }
    }
  }

  /// As `transformInput`, on all threads.
  func transformInputInParallel(_ tiles: Range<Int>, _ x: Source, into v: Destination, matrixStride: Int) {
    let part = 12  // tiles of one task
    parallel(tasks: (tiles.count + part - 1) / part) { task in
      let start = task * part
      transformInput(
        tiles.lowerBound + start..<min(tiles.upperBound, tiles.lowerBound + start + part), x,
        into: v + start * input.blockChannels, matrixStride: matrixStride)
    }
  }

  /// A dy Aᵀ of each tile's cotangents: 36 matrices packed in panels of 16 columns,
  /// [blockChannels / 16][capacity][16].
  ///
  /// - Parameters:
  ///   - first: The row of the first tile.
  ///   - capacity: The number of rows of the matrices.
  func transformCotangent(
    _ tiles: Range<Int>, _ cotangent: Source, into z: Destination, first: Int, capacity: Int, matrixStride: Int
  ) {
    switch filtering {
    case .threeTaps: transformCotangent(ThreeTapLoops.self, tiles, cotangent, z, first, capacity, matrixStride)
    case .fourTaps: transformCotangent(FourTapLoops.self, tiles, cotangent, z, first, capacity, matrixStride)
    }
  }

  private func transformCotangent<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ tiles: Range<Int>, _ cotangent: Source, _ z: Destination, _ first: Int, _ capacity: Int,
    _ matrixStride: Int
  ) {
    let channels = output.channels
    let side = Loops.Outputs.count
    withZeros(channels) { zeros in
      withUnsafeTemporaryAllocation(of: Source.self, capacity: side * side) { sources in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: side * side) { offsets in
          for (row, tile) in tiles.enumerated() {
            for phase in 0..<output.blockArea {
              outputOffsets(tile: tile, phase: phase, side: side, into: offsets.baseAddress!)
              for i in 0..<side * side { sources[i] = offsets[i] < 0 ? zeros : cotangent + offsets[i] }
              for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
                let (panel, column) = (phase * channels + channel).quotientAndRemainder(dividingBy: Microkernel.columns)
                transformCotangentLanes(
                  Loops.self, channel, UnsafePointer(sources.baseAddress!),
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
private func transformInputTile<Vector: SIMD<Scalar>>(
  _: Vector.Type, _ channels: Int, _ x: UnsafePointer<Source>, into v: Destination, matrixStride: Int
) {
  withUnsafeTemporaryAllocation(of: Vector.self, capacity: 36) { buffer in
    let grid = buffer.baseAddress!
    for channel in stride(from: 0, to: channels, by: Vector.scalarCount) {
      @inline(__always)
      func load(_ i: Int) -> Vector { UnsafeRawPointer(x[i] + channel).loadUnaligned(as: Vector.self) }
      for j in 0..<6 {
        let p = grid + j
        (p[0], p[6], p[12], p[18], p[24], p[30]) = MinimalFiltering.input(
          (load(j), load(6 + j), load(12 + j), load(18 + j), load(24 + j), load(30 + j)))
      }
      for i in 0..<6 {
        let p = grid + 6 * i
        let row = MinimalFiltering.input((p[0], p[1], p[2], p[3], p[4], p[5]))
        @inline(__always)
        func store(_ j: Int, _ x: Vector) {
          UnsafeMutableRawPointer(v + channel + (6 * i + j) * matrixStride).storeBytes(of: x, as: Vector.self)
        }
        store(0, row.0)
        store(1, row.1)
        store(2, row.2)
        store(3, row.3)
        store(4, row.4)
        store(5, row.5)
      }
    }
  }
}

@inline(__always)
private func transformCotangentLanes<Loops: MinimalFilteringLoops>(
  _: Loops.Type, _ channel: Int, _ y: UnsafePointer<Source>, into z: Destination, matrixStride: Int
) {
  withLaneGrid { grid in
    let side = Loops.Outputs.count
    for j in 0..<side {
      grid.setColumn(j, Loops.Outputs { i in y[side * i + j].lanes(channel) }.values(over: .none))
    }
    for i in 0..<6 {
      storeRow(i, Loops.Outputs { j in grid[i, j] }.values(over: .none), into: z, matrixStride: matrixStride)
    }
  }
}

/// Stores elements 6 i ..< 6 i + 6 of a tile, each to its own matrix.
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

/// Loads elements 6 i ..< 6 i + 6 of a tile, each from its own matrix.
@inline(__always)
func loadRow(_ i: Int, from source: Source, matrixStride: Int) -> SixLanes {
  let source = source + 6 * i * matrixStride
  return (
    source.lanes(0), source.lanes(matrixStride), source.lanes(2 * matrixStride), source.lanes(3 * matrixStride),
    source.lanes(4 * matrixStride), source.lanes(5 * matrixStride)
  )
}

/// Calls `body` with `count` zeros, which stand for the padding.
@inline(__always)
private func withZeros(_ count: Int, _ body: (Source) -> Void) {
  // A temporary allocation whose size the compiler does not know would compile the body twice.
  withScratch(count) { zeros in
    zeros.update(repeating: 0, count: count)
    body(Source(zeros))
  }
}

/// Up to 6 x 6 vectors between the two passes of a transform, in row-major order.
struct LaneGrid {
  let lanes: UnsafeMutablePointer<Lanes>

  @inline(__always)
  subscript(_ i: Int, _ j: Int) -> Lanes { lanes[6 * i + j] }

  @inline(__always)
  func row(_ i: Int) -> SixLanes {
    let p = lanes + 6 * i
    return (p[0], p[1], p[2], p[3], p[4], p[5])
  }

  @inline(__always)
  func setColumn(_ j: Int, _ x: SixLanes) {
    let p = lanes + j
    (p[0], p[6], p[12], p[18], p[24], p[30]) = x
  }

  @inline(__always)
  func setColumn(_ j: Int, _ x: some Coefficients) {
    x.forEachCoefficient { i, coefficient in lanes[6 * i + j] = coefficient }
  }
}

/// Calls `body` with an uninitialized grid on the stack.
@inline(__always)
func withLaneGrid(_ body: (LaneGrid) -> Void) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 36) { body(LaneGrid(lanes: $0.baseAddress!)) }
}
