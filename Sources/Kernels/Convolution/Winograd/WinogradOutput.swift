/// Where the products of a convolution go.
enum WinogradOutput {
  /// To pixels, plus one number a channel.
  case pixels(Destination, bias: Source?)
  /// The same, to a place that may be missing, and through a gate to another with half as many channels.
  case gate(GateActivation, Destination, preactivation: Destination?, bias: Source?)
}

extension WinogradPlan {
  /// Aᵀ m A of each tile's products of eight filters, plus the bias, to the pixels of the tile that exist.
  ///
  /// - Parameters:
  ///   - products: 36 matrices of one row a tile, 16 wide, of which the first eight columns are meant.
  ///   - filter: The first of the eight, of all phases.
  @inline(__always)
  func transformOutput(
    _ tiles: Range<Int>, _ products: Source, matrixStride: Int, filter: Int, bias: Source?, into y: Destination
  ) {
    let (phase, channel) = filter.quotientAndRemainder(dividingBy: output.channels)
    let bias = bias?.lanes(channel) ?? .zero
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { offsets in
      withLaneGrid { grid in
        for (row, tile) in tiles.enumerated() {
          outputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
          forEachColumn(products + row * Microkernel.columns, matrixStride: matrixStride, grid) { j, pixels in
            @inline(__always)
            func put(_ pixel: Lanes, _ i: Int) {
              let offset = offsets[4 * i + j]
              if offset >= 0 { y.store(pixel + bias, offset + channel) }
            }
            put(pixels.0, 0)
            put(pixels.1, 1)
            put(pixels.2, 2)
            put(pixels.3, 3)
          }
        }
      }
    }
  }

  /// As `transformOutput`, of eight filters and the eight that are their gates, and then through the gate.
  ///
  /// - Parameter pair: The first of the eight, counted over all phases among the filters that are not gates.
  @inline(__always)
  func transformGated(
    _ tiles: Range<Int>, _ products: Source, matrixStride: Int, pair: Int, _ activation: GateActivation, bias: Source?,
    preactivation: Destination?, into out: Destination
  ) {
    let half = output.channels / 2
    let (phase, channel) = pair.quotientAndRemainder(dividingBy: half)
    let featureBias = bias?.lanes(channel) ?? .zero
    let gateBias = bias?.lanes(half + channel) ?? .zero
    let count = Lanes.scalarCount
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { offsets in
      // 16 pixels of features and gates, and 16 of what comes out of them.
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 3 * 16 * count) { buffer in
        let features = buffer.baseAddress!
        let gated = features + 2 * 16 * count
        withLaneGrid { grid in
          for (row, tile) in tiles.enumerated() {
            outputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
            let products = products + row * Microkernel.columns
            collect(products, matrixStride: matrixStride, grid, bias: featureBias, into: features)
            collect(products + count, matrixStride: matrixStride, grid, bias: gateBias, into: features + count)
            gate(activation, 0..<16, count, features, gated)
            for pixel in 0..<16 where offsets[pixel] >= 0 {
              let offset = offsets[pixel]
              if let preactivation {
                preactivation.store(features.lanes(2 * pixel * count), offset + channel)
                preactivation.store(features.lanes((2 * pixel + 1) * count), offset + half + channel)
              }
              out.store(gated.lanes(pixel * count), offset / 2 + channel)
            }
          }
        }
      }
    }
  }

  /// The 16 pixels of a tile, row by row, 16 numbers apart.
  @inline(__always)
  private func collect(
    _ products: Source, matrixStride: Int, _ grid: LaneGrid, bias: Lanes, into pixels: Destination
  ) {
    let apart = 2 * Lanes.scalarCount
    forEachColumn(products, matrixStride: matrixStride, grid) { j, column in
      pixels.store(column.0 + bias, j * apart)
      pixels.store(column.1 + bias, (4 + j) * apart)
      pixels.store(column.2 + bias, (8 + j) * apart)
      pixels.store(column.3 + bias, (12 + j) * apart)
    }
  }

  /// Calls `body` with each column of four pixels of a tile.
  @inline(__always)
  private func forEachColumn(
    _ products: Source, matrixStride: Int, _ grid: LaneGrid, _ body: (_ j: Int, _ pixels: FourLanes) -> Void
  ) {
    for i in 0..<6 {
      grid.setColumn(i, WinogradTransforms.output(loadRow(i, from: products, matrixStride: matrixStride)))
    }
    for j in 0..<4 { body(j, WinogradTransforms.output(grid.row(j))) }
  }
}
