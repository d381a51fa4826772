// From feature maps to transformed tiles. Element e = 6 i + j of every tile forms one of 36 matrices, with a row per
// tile.

extension WinogradPlan {
  /// Bᵀ d B of each tile's 6x6 inputs: 36 matrices of one row per tile and blockChannels columns.
  ///
  /// - Parameter matrixStride: The distance between the matrices in `v`.
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

  /// A dy Aᵀ of each tile's 4x4 cotangents: 36 matrices packed in panels of 16 columns,
  /// [blockChannels / 16][capacity][16].
  ///
  /// - Parameters:
  ///   - first: The row of the first tile.
  ///   - capacity: The number of rows of the matrices.
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

// The one-dimensional transforms of Winograd's minimal filtering F(4, 3): four outputs of a filter with three taps from
// six inputs with six multiplications (Lavin and Gray, 2016, section 4.3). In two dimensions each is applied to columns
// and then to rows, on eight channels at a time.
//
// The interpolation points are 0, ±a, ±b and infinity with a = √½ and b = √2. With the usual ±1 and ±2, rounding errors
// are twice as large on average and three times as large at most (compare Barabasz et al., 2020, on the choice of
// points).

typealias FourLanes = (Lanes, Lanes, Lanes, Lanes)
typealias SixLanes = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

enum WinogradTransforms {
  @inline(__always) private static var a: Scalar { 0.707_106_781_186_547_524_4 }
  @inline(__always) private static var b: Scalar { 1.414_213_562_373_095_048_8 }

  /// Bᵀ x: from six inputs to six values.
  @inline(__always)
  static func input(_ x: SixLanes) -> SixLanes {
    let (evenA, evenB) = (x.4.addingProduct(-2, x.2), x.4.addingProduct(-0.5, x.2))
    let (oddA, oddB) = ((a * x.3).addingProduct(-b, x.1), (b * x.3).addingProduct(-a, x.1))
    return (
      (x.4 + x.0).addingProduct(-2.5, x.2), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB,
      (x.5 + x.1).addingProduct(-2.5, x.3)
    )
  }

  /// Aᵀ m: from six products to four outputs.
  @inline(__always)
  static func output(_ m: SixLanes) -> FourLanes {
    let (evenA, oddA) = (m.1 + m.2, m.1 - m.2)
    let (evenB, oddB) = (m.3 + m.4, m.3 - m.4)
    return (
      m.0 + evenA + evenB, (a * oddA).addingProduct(b, oddB), (0.5 * evenA).addingProduct(2, evenB),
      m.5.addingProduct(0.5 * a, oddA).addingProduct(2 * b, oddB)
    )
  }

  /// A y: from four cotangents of outputs to six of products.
  @inline(__always)
  static func outputAdjoint(_ y: FourLanes) -> SixLanes {
    let (evenA, oddA) = (y.0.addingProduct(0.5, y.2), (a * y.1).addingProduct(0.5 * a, y.3))
    let (evenB, oddB) = (y.0.addingProduct(2, y.2), (b * y.1).addingProduct(2 * b, y.3))
    return (y.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, y.3)
  }

  /// G w: from three taps to six values.
  @inline(__always)
  static func filter(_ w: (Lanes, Lanes, Lanes)) -> SixLanes {
    let (evenA, oddA) = (w.0.addingProduct(0.5, w.2) / -1.5, w.1 * (a / -1.5))
    let (evenB, oddB) = (w.0.addingProduct(2, w.2) / 6, w.1 * (b / 6))
    return (w.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, w.2)
  }

  /// Gᵀ u: from six cotangents of transformed taps to three of taps.
  @inline(__always)
  static func filterAdjoint(_ u: SixLanes) -> (Lanes, Lanes, Lanes) {
    let (evenA, evenB) = ((u.1 + u.2) / -1.5, (u.3 + u.4) / 6)
    return (
      u.0 + evenA + evenB, ((u.1 - u.2) * (a / -1.5)).addingProduct(b / 6, u.3 - u.4),
      u.5.addingProduct(0.5, evenA).addingProduct(2, evenB)
    )
  }
}

/// Up to 6 x 6 vectors between the two passes of a transform, in row-major order.
struct LaneGrid {
  let lanes: UnsafeMutablePointer<Lanes>

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
  func setColumn(_ j: Int, _ x: FourLanes) {
    let p = lanes + j
    (p[0], p[6], p[12], p[18]) = x
  }
}

/// Calls `body` with an uninitialized grid on the stack.
@inline(__always)
func withLaneGrid(_ body: (LaneGrid) -> Void) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 36) { body(LaneGrid(lanes: $0.baseAddress!)) }
}
