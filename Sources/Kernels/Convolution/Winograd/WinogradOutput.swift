/// The destination of the products of a convolution.
enum WinogradOutput {
  /// To pixels, plus one number a channel, through an activation.
  case pixels(Destination, bias: Source?, Activation)
  /// To pixels that may be missing, plus one number a channel, and through a gate to others with half as many channels.
  case gate(Activation, Destination, preactivation: Destination?, bias: Source?)
}

// Both transforms stay functions of their own: inlined into the loop over the panels they make it so large that the
// compiler no longer inlines the loads and stores of lanes.
extension WinogradPlan {
  /// Aᵀ m A of each tile's products of eight filters, plus the bias, through the activation, to the pixels of the tile that
  /// exist.
  ///
  /// - Parameters:
  ///   - products: 36 matrices of one row a tile, 16 wide, of which the first eight columns are meant.
  ///   - filter: The first of the eight, of all phases.
  @inline(never)
  func transformOutput(
    _ tiles: Range<Int>, _ products: Source, matrixStride: Int, filter: Int, bias: Source?,
    _ activation: Activation, into y: Destination
  ) {
    // A loop for each activation, which is inlined into it.
    switch activation {
    case .identity, .tanh, .sigmoid: transformOutput(tiles, products, matrixStride, filter, bias, y) { $0 }
    case .relu: transformOutput(tiles, products, matrixStride, filter, bias, y) { relu($0) }
    case .leakyReLU(let slope):
      transformOutput(tiles, products, matrixStride, filter, bias, y) { leakyReLU($0, slope: slope) }
    case .elu: transformOutput(tiles, products, matrixStride, filter, bias, y) { elu($0) }
    }
  }

  @inline(__always)
  private func transformOutput(
    _ tiles: Range<Int>, _ products: Source, _ matrixStride: Int, _ filter: Int, _ bias: Source?, _ y: Destination,
    activation: (Lanes) -> Lanes
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
              if offset >= 0 { y.store(activation(pixel + bias), offset + channel) }
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
  @inline(never)
  func transformGated(
    _ tiles: Range<Int>, _ products: Source, matrixStride: Int, pair: Int, _ activation: Activation, bias: Source?,
    preactivation: Destination?, into out: Destination
  ) {
    let half = output.channels / 2
    let (phase, channel) = pair.quotientAndRemainder(dividingBy: half)
    let featureBias = bias?.lanes(channel) ?? .zero
    let gateBias = bias?.lanes(half + channel) ?? .zero
    let count = Lanes.scalarCount
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { offsets in
      // 16 pixels of features, then their gates.
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * 16 * count) { buffer in
        let features = buffer.baseAddress!
        let gates = features + 16 * count
        withLaneGrid { grid in
          for (row, tile) in tiles.enumerated() {
            outputOffsets(tile: tile, phase: phase, into: offsets.baseAddress!)
            let products = products + row * Microkernel.columns
            collect(products, matrixStride: matrixStride, grid, bias: featureBias, into: features)
            collect(products + count, matrixStride: matrixStride, grid, bias: gateBias, into: gates)
            for pixel in 0..<16 where offsets[pixel] >= 0 {
              let offset = offsets[pixel]
              let (feature, gate) = (features.lanes(pixel * count), gates.lanes(pixel * count))
              if let preactivation {
                preactivation.store(feature, offset + channel)
                preactivation.store(gate, offset + half + channel)
              }
              out.store(activation.gated(feature, by: gate), offset / 2 + channel)
            }
          }
        }
      }
    }
  }

  /// The 16 pixels of a tile, row by row.
  @inline(__always)
  private func collect(
    _ products: Source, matrixStride: Int, _ grid: LaneGrid, bias: Lanes, into pixels: Destination
  ) {
    let count = Lanes.scalarCount
    forEachColumn(products, matrixStride: matrixStride, grid) { j, column in
      pixels.store(column.0 + bias, j * count)
      pixels.store(column.1 + bias, (4 + j) * count)
      pixels.store(column.2 + bias, (8 + j) * count)
      pixels.store(column.3 + bias, (12 + j) * count)
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
