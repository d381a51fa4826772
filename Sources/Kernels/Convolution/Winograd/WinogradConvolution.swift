/// A convolution by Winograd's minimal filtering.
///
/// A block of tiles is transformed and multiplied by one or two panels of the filter at a time, 16 columns each. The
/// products stay in the L2 cache until they are transformed back into pixels.
///
/// - Parameters:
///   - w: The stored filter.
///   - filter: The transform of the filter; its halves are paired if the output goes through a gate.
///   - kept: A cache of transformed filters, read and filled if the transformed filter is small; nil for none.
func winogradConvolve(
  _ plan: WinogradPlan, x: Source, w: Source, filter: WinogradFilter, kept: TransformedFilters? = nil,
  on backEnd: GEMM.BackEnd = GEMM.backEnd, into output: WinogradOutput
) {
  switch plan.filtering {
  case .threeTaps:
    WinogradProduct<ThreeTapLoops>(plan: plan, filter: filter, backEnd: backEnd, output: output)
      .convolve(x: x, w: w, kept: kept)
  case .fourTaps:
    WinogradProduct<FourTapLoops>(plan: plan, filter: filter, backEnd: backEnd, output: output)
      .convolve(x: x, w: w, kept: kept)
  }
}

private struct WinogradProduct<Loops: MinimalFilteringLoops> {
  let plan: WinogradPlan
  let filter: WinogradFilter
  let backEnd: GEMM.BackEnd
  let output: WinogradOutput

  /// Transformed filters up to this length are kept as a whole and read again by every block of tiles.
  private static var cachedFilterLength: Int { 3 << 20 }

  private var columns: Int { Microkernel.columns }
  /// The length of the products of some panels: 36 matrices of capacity x 16 for each.
  private func productsLength(_ capacity: Int, panels: Int = 1) -> Int { 36 * capacity * columns * panels }
  /// Padded, because consecutive matrices must not map to the same cache sets.
  private func inputStride(_ capacity: Int) -> Int { capacity * filter.channels + columns }

  func convolve(x: Source, w: Source, kept: TransformedFilters?) {
    if filter.length > Self.cachedFilterLength {
      panelByPanel(x: x, w: w)
    } else if let kept {
      let transformed = kept.filter(filter) { filter.transform(w, into: $0) }
      withExtendedLifetime(transformed) { blockByBlock(x: x, u: transformed.memory) }
    } else {
      withScratch(filter.length) { u in
        filter.transform(w, into: u)
        blockByBlock(x: x, u: u)
      }
    }
  }

  /// One task per block of tiles.
  ///
  /// - Parameter u: The transformed filter.
  private func blockByBlock(x: Source, u: Source) {
    let budget = 96 << 10  // scalars
    let cached = budget / (36 * filter.channels)
    let shared = (plan.tileCount + 15) / 16
    let capacity = roundedUp(max(1, min(96, cached, shared)))
    let group = backEnd == .packed && InstructionSet.prefersWideLanes ? 2 : 1
    parallelWorkers(tasks: (plan.tileCount + capacity - 1) / capacity) { next in
      withScratch(36 * inputStride(capacity) + productsLength(capacity, panels: group)) { v in
        while let task = next() {
          let tiles = task * capacity..<min(plan.tileCount, (task + 1) * capacity)
          plan.transformInput(tiles, x, into: v, matrixStride: inputStride(capacity))
          for first in stride(from: 0, to: filter.panels, by: group) {
            multiply(
              tiles, v, inputStride(capacity), first..<min(filter.panels, first + group),
              u + first * filter.panelLength, filter.matrixStride, products: v + 36 * inputStride(capacity))
          }
        }
      }
    }
  }

  /// Goes through large blocks of tiles of equal size, one after the other, with one task per panel of the filter. Each
  /// panel is transformed when it is needed: the whole transformed filter would be too large for the caches, and writing
  /// it would cost more than the products.
  private func panelByPanel(x: Source, w: Source) {
    // A block is read again for each panel. With blocks of 6 << 20, which leave little of an L3 cache of 32 MB to the
    // filter and the output, layers of many tiles take a fifth longer.
    let budget = 3 << 20  // scalars
    let blocks = max(1, (36 * filter.channels * plan.tileCount + budget - 1) / budget)
    let capacity = roundedUp(max(1, (plan.tileCount + blocks - 1) / blocks))
    withScratch(36 * inputStride(capacity)) { v in
      for first in stride(from: 0, to: plan.tileCount, by: capacity) {
        let block = first..<min(plan.tileCount, first + capacity)
        plan.transformInputInParallel(block, x, into: v, matrixStride: inputStride(capacity))
        parallelWorkers(tasks: filter.panels) { next in
          let part = 48  // tiles whose products stay in the cache
          withScratch(36 * filter.panelStride + productsLength(part)) { u in
            while let panel = next() {
              filter.transformPanel(panel, w, into: u, matrixStride: filter.panelStride)
              for start in stride(from: first, to: block.upperBound, by: part) {
                multiply(
                  start..<min(block.upperBound, start + part), v + (start - first) * filter.channels,
                  inputStride(capacity), panel..<panel + 1, u, filter.panelStride,
                  products: u + 36 * filter.panelStride)
              }
            }
          }
        }
      }
    }
  }

  /// Multiplies some tiles by some panels of the filter and transforms the products back into pixels.
  ///
  /// - Parameters:
  ///   - v: The first row of the tiles in the first of their matrices, which are `inputStride` apart.
  ///   - u: The first panel in the first of the filter's matrices, which are `filterStride` apart.
  @inline(__always)
  private func multiply(
    _ tiles: Range<Int>, _ v: Source, _ inputStride: Int, _ panels: Range<Int>, _ u: Source, _ filterStride: Int,
    products: Destination
  ) {
    let rows = roundedUp(tiles.count)
    let width = panels.count * columns
    for element in 0..<36 {
      // [tiles x channels] · [channels x width]. Rows after the last tile are multiplied too, and ignored.
      RightMatrix(on: backEnd, k: filter.channels, n: width, panels: u + element * filterStride)
        .multiply(
          m: rows, v + element * inputStride, rowStride: filter.channels, step: 1,
          into: products + element * rows * width, cStride: width)
    }
    for (number, panel) in panels.enumerated() {
      let products = TileProducts(
        first: products + number * columns, rowStride: width, matrixStride: rows * width)
      switch output {
      case .pixels(let y, let bias, let activation):
        let column = panel * columns
        for half in stride(from: 0, to: min(columns, filter.filters - column), by: Lanes.scalarCount) {
          plan.transformOutput(
            Loops.self, tiles, products, column: half, filter: column + half, bias: bias, activation, into: y)
        }
      case .gate(let activation, let out, let preactivation, let bias):
        plan.transformGated(
          Loops.self, tiles, products, pair: panel * Lanes.scalarCount, activation, bias: bias,
          preactivation: preactivation, into: out)
      }
    }
  }

  private func roundedUp(_ tiles: Int) -> Int {
    (tiles + Microkernel.rows - 1) / Microkernel.rows * Microkernel.rows
  }
}

/// The output of a Winograd convolution.
enum WinogradOutput {
  /// Pixels, with a bias per channel, through an activation.
  case pixels(Destination, bias: Source?, Activation)
  /// Through a gate, to half as many channels; `preactivation` receives the pixels before the gate unless it is nil.
  case gate(Activation, Destination, preactivation: Destination?, bias: Source?)
}

/// The products of some tiles and a panel: 36 matrices of one row per tile and 16 columns.
struct TileProducts {
  let first: Source
  /// The distances between rows and between matrices.
  let rowStride: Int
  let matrixStride: Int

  /// The first of eight elements of a row of the first matrix.
  @inline(__always)
  func at(_ row: Int, column: Int = 0) -> Source { first + row * rowStride + column }
}

// Both transforms stay functions of their own: inlined into the loop over the panels, they make it so large that the
// compiler no longer inlines the loads and stores of lanes.
extension WinogradPlan {
  /// Writes activation(Aᵀ m A + bias) to the existing pixels of each tile, for eight filters.
  ///
  /// - Parameters:
  ///   - column: The first of the eight columns that are read.
  ///   - filter: The index of the first of the eight filters, counted over all phases.
  @inline(never)
  func transformOutput<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ tiles: Range<Int>, _ products: TileProducts, column: Int, filter: Int, bias: Source?,
    _ activation: Activation, into y: Destination
  ) {
    // One loop per activation, so that it is inlined.
    switch activation {
    case .identity, .tanh, .sigmoid: transformOutput(Loops.self, tiles, products, column, filter, bias, y) { $0 }
    case .relu: transformOutput(Loops.self, tiles, products, column, filter, bias, y) { relu($0) }
    case .leakyReLU(let slope):
      transformOutput(Loops.self, tiles, products, column, filter, bias, y) { leakyReLU($0, slope: slope) }
    case .elu: transformOutput(Loops.self, tiles, products, column, filter, bias, y) { elu($0) }
    }
  }

  @inline(__always)
  private func transformOutput<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ tiles: Range<Int>, _ products: TileProducts, _ column: Int, _ filter: Int, _ bias: Source?,
    _ y: Destination, activation: (Lanes) -> Lanes
  ) {
    let side = Loops.Outputs.count
    let (phase, channel) = filter.quotientAndRemainder(dividingBy: output.channels)
    let bias = bias?.lanes(channel) ?? .zero
    withUnsafeTemporaryAllocation(of: Int.self, capacity: side * side) { offsets in
      withLaneGrid { grid in
        for (row, tile) in tiles.enumerated() {
          outputOffsets(tile: tile, phase: phase, side: side, into: offsets.baseAddress!)
          let row = products.at(row, column: column)
          forEachColumn(Loops.self, row, matrixStride: products.matrixStride, grid) { j, pixels in
            pixels.forEachCoefficient { i, pixel in
              let offset = offsets[side * i + j]
              if offset >= 0 { y.store(activation(pixel + bias), offset + channel) }
            }
          }
        }
      }
    }
  }

  /// As `transformOutput`, for eight feature filters and their eight gate filters, and then through the gate.
  ///
  /// - Parameter pair: The index of the first of the eight feature filters, counted over all phases.
  @inline(never)
  func transformGated<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ tiles: Range<Int>, _ products: TileProducts, pair: Int, _ activation: Activation, bias: Source?,
    preactivation: Destination?, into out: Destination
  ) {
    let half = output.channels / 2
    let (phase, channel) = pair.quotientAndRemainder(dividingBy: half)
    let featureBias = bias?.lanes(channel) ?? .zero
    let gateBias = bias?.lanes(half + channel) ?? .zero
    let count = Lanes.scalarCount
    let side = Loops.Outputs.count
    let pixels = side * side
    withUnsafeTemporaryAllocation(of: Int.self, capacity: pixels) { offsets in
      // The features of a tile's pixels, then their gates.
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * pixels * count) { buffer in
        let features = buffer.baseAddress!
        let gates = features + pixels * count
        withLaneGrid { grid in
          for (row, tile) in tiles.enumerated() {
            outputOffsets(tile: tile, phase: phase, side: side, into: offsets.baseAddress!)
            let matrixStride = products.matrixStride
            let (feature, gate) = (products.at(row), products.at(row, column: count))
            collect(Loops.self, feature, matrixStride: matrixStride, grid, bias: featureBias, into: features)
            collect(Loops.self, gate, matrixStride: matrixStride, grid, bias: gateBias, into: gates)
            for pixel in 0..<pixels where offsets[pixel] >= 0 {
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

  /// Writes the pixels of a tile, in row-major order.
  @inline(__always)
  private func collect<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ products: Source, matrixStride: Int, _ grid: LaneGrid, bias: Lanes, into pixels: Destination
  ) {
    let (side, count) = (Loops.Outputs.count, Lanes.scalarCount)
    forEachColumn(Loops.self, products, matrixStride: matrixStride, grid) { j, column in
      column.forEachCoefficient { i, pixel in pixels.store(pixel + bias, (side * i + j) * count) }
    }
  }

  /// Calls `body` with each column of a tile's pixels.
  @inline(__always)
  private func forEachColumn<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ products: Source, matrixStride: Int, _ grid: LaneGrid,
    _ body: (_ j: Int, _ pixels: Loops.Outputs) -> Void
  ) {
    for i in 0..<6 {
      let row = loadRow(i, from: products, matrixStride: matrixStride)
      grid.setColumn(i, Loops.Outputs(adjointOf: row, over: .none))
    }
    for j in 0..<Loops.Outputs.count { body(j, Loops.Outputs(adjointOf: grid.row(j), over: .none)) }
  }
}
