/// The im2col matrix of a source: a row per pixel of an output grid, holding the patch that the pixel reads.
///
/// Pixel (row, column) of the grid reads the source at (row · stride + rowOffsets[i],
/// column · stride + columnOffsets[j]) for every i, j, with zero padding. A convolution reads its input like this, and
/// its input gradient reads the cotangent like this with other offsets.
struct Im2col {
  var sourceHeight: Int
  var sourceWidth: Int
  var channels: Int
  var gridHeight: Int
  var gridWidth: Int
  var stride: Int
  /// The factor of nearest-neighbor upsampling of the source; 1 for none.
  var upsampling: Int
  var rowOffsets: [Int]
  var columnOffsets: [Int]

  var patchLength: Int { rowOffsets.count * columnOffsets.count * channels }

  /// The patches of a convolution's input.
  init(patchesOf geometry: ConvolutionGeometry) {
    sourceHeight = geometry.height
    sourceWidth = geometry.width
    channels = geometry.channels
    gridHeight = geometry.outputHeight
    gridWidth = geometry.outputWidth
    stride = geometry.stride
    upsampling = geometry.upsampling
    rowOffsets = (0..<geometry.kernelHeight).map { $0 * geometry.dilation - geometry.padding.top }
    columnOffsets = (0..<geometry.kernelWidth).map { $0 * geometry.dilation - geometry.padding.left }
  }

  init(
    sourceHeight: Int, sourceWidth: Int, channels: Int, gridHeight: Int, gridWidth: Int, rowOffsets: [Int],
    columnOffsets: [Int]
  ) {
    self.sourceHeight = sourceHeight
    self.sourceWidth = sourceWidth
    self.channels = channels
    self.gridHeight = gridHeight
    self.gridWidth = gridWidth
    stride = 1
    upsampling = 1
    self.rowOffsets = rowOffsets
    self.columnOffsets = columnOffsets
  }

  /// True if each patch is one pixel and the grid is the source: then the source is its own im2col matrix.
  var isIdentity: Bool {
    stride == 1 && upsampling == 1 && rowOffsets == [0] && columnOffsets == [0] && gridHeight == sourceHeight
      && gridWidth == sourceWidth
  }

  /// Writes the patches of `pixels` (indices of the grid's pixels, counted over the whole batch) as rows of a matrix
  /// with `patchLength` columns, ordered kernel row, kernel column, channel.
  func gather(_ pixels: Range<Int>, from source: Source, into matrix: Destination) {
    let (first, position) = pixels.lowerBound.quotientAndRemainder(dividingBy: gridHeight * gridWidth)
    var (row, column) = position.quotientAndRemainder(dividingBy: gridWidth)
    let imageLength = sourceHeight * sourceWidth * channels
    var image = source + first * imageLength
    var out = matrix
    for _ in pixels {
      gatherPatch(row * stride, column * stride, from: image, into: out)
      out += patchLength
      column += 1
      if column == gridWidth {
        column = 0
        row += 1
      }
      if row == gridHeight {
        row = 0
        image += imageLength
      }
    }
  }

  @inline(__always)
  private func gatherPatch(_ row: Int, _ column: Int, from image: Source, into patch: Destination) {
    if upsampling > 1 { return gatherUpsampledPatch(row, column, from: image, into: patch) }
    let span = columnOffsets.count
    let first = column + columnOffsets[0]
    let isOneRun = columnOffsets[span - 1] - columnOffsets[0] == span - 1 && first >= 0 && first + span <= sourceWidth
    var out = patch
    for rowOffset in rowOffsets {
      let y = row + rowOffset
      let line = image + y * sourceWidth * channels
      if y < 0 || y >= sourceHeight {
        out.update(repeating: 0, count: span * channels)
        out += span * channels
      } else if isOneRun {
        out.update(from: line + first * channels, count: span * channels)
        out += span * channels
      } else {
        for columnOffset in columnOffsets {
          let x = column + columnOffset
          if x >= 0 && x < sourceWidth {
            out.update(from: line + x * channels, count: channels)
          } else {
            out.update(repeating: 0, count: channels)
          }
          out += channels
        }
      }
    }
  }

  private func gatherUpsampledPatch(_ row: Int, _ column: Int, from image: Source, into patch: Destination) {
    var out = patch
    for rowOffset in rowOffsets {
      for columnOffset in columnOffsets {
        let (y, x) = (row + rowOffset, column + columnOffset)
        if y >= 0 && y < sourceHeight * upsampling && x >= 0 && x < sourceWidth * upsampling {
          out.update(from: image + (y / upsampling * sourceWidth + x / upsampling) * channels, count: channels)
        } else {
          out.update(repeating: 0, count: channels)
        }
        out += channels
      }
    }
  }
}

/// The im2col matrix of a convolution's input: [batch, outputHeight · outputWidth, patchLength].
package func unfold(_ geometry: ConvolutionGeometry, x: Source, into patches: Destination) {
  let im2col = Im2col(patchesOf: geometry)
  let pixels = geometry.batch * im2col.gridHeight * im2col.gridWidth
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, im2col.patchLength))) { range in
    im2col.gather(range, from: x, into: patches + range.lowerBound * im2col.patchLength)
  }
}

/// col2im: adds the rows of an im2col matrix to the pixels that `unfold` read them from; the adjoint of `unfold`.
package func fold(_ geometry: ConvolutionGeometry, patches: Source, into x: Destination) {
  parallel(tasks: geometry.batch * geometry.height) { task in
    let (image, row) = task.quotientAndRemainder(dividingBy: geometry.height)
    foldRow(geometry, image: image, row: row, patches: patches, into: x + task * geometry.width * geometry.channels)
  }
}

/// Computes one row of an image, so that no two threads add to the same pixel.
private func foldRow(
  _ geometry: ConvolutionGeometry, image: Int, row: Int, patches: Source, into line: Destination
) {
  let channels = geometry.channels
  let outputWidth = geometry.outputWidth
  line.update(repeating: 0, count: geometry.width * channels)
  for kernelRow in 0..<geometry.kernelHeight {
    let reach = row + geometry.padding.top - kernelRow * geometry.dilation
    guard reach >= 0 && reach % geometry.stride == 0 && reach / geometry.stride < geometry.outputHeight else {
      continue
    }
    let firstPatch = (image * geometry.outputHeight + reach / geometry.stride) * outputWidth
    for outputColumn in 0..<outputWidth {
      let patch = patches + (firstPatch + outputColumn) * geometry.patchLength
      for kernelColumn in 0..<geometry.kernelWidth {
        let column = outputColumn * geometry.stride + kernelColumn * geometry.dilation - geometry.padding.left
        guard column >= 0 && column < geometry.width else { continue }
        let source = patch + (kernelRow * geometry.kernelWidth + kernelColumn) * channels
        let target = line + column * channels
        for channel in 0..<channels { target[channel] += source[channel] }
      }
    }
  }
}

/// The number of pixels of a tile: few enough for its im2col matrix to stay in a core's L2 cache, enough for the matrix
/// product to be worth its setup. A function of the shape alone, so that results do not depend on the machine's load.
func tilePixels(patchLength: Int, on backEnd: GEMM.BackEnd) -> Int {
  let budget = 96 * 1024  // scalars
  // OpenBLAS packs B at every call: it takes a hundred rows or more to pay for that.
  let least = backEnd == .openBLAS ? 128 : 64
  return min(512, max(least, budget / max(1, patchLength) / 16 * 16))
}

/// Multiplies the im2col matrix by a filter matrix: the core of the convolution and of its input gradient.
///
/// - Parameters:
///   - batch: The number of images in the source.
///   - filter: patchLength x filters.
///   - finish: Called with each tile's pixels and their products (pixels x filters) while they are in cache, to add a
///     bias or to store them elsewhere.
///   - out: The destination of all products, pixels x filters; if nil, they stay in a buffer that only `finish` sees.
func multiplyPatches(
  _ im2col: Im2col, batch: Int, source: Source, filter: Source, filters: Int, on backEnd: GEMM.BackEnd,
  into out: Destination?, finish: (_ pixels: Range<Int>, _ products: Destination) -> Void
) {
  let pixels = batch * im2col.gridHeight * im2col.gridWidth
  let length = im2col.patchLength
  let tile = tilePixels(patchLength: length, on: backEnd)
  RightMatrix.withArranged(on: backEnd, k: length, n: filters, filter) { right in
    parallelWorkers(tasks: (pixels + tile - 1) / tile) { next in
      withScratch((im2col.isIdentity ? 0 : tile * length) + (out == nil ? tile * filters : 0)) { matrix in
        let products = im2col.isIdentity ? matrix : matrix + tile * length
        while let task = next() {
          let range = task * tile..<min(pixels, (task + 1) * tile)
          if !im2col.isIdentity { im2col.gather(range, from: source, into: matrix) }
          let rows = im2col.isIdentity ? source + range.lowerBound * length : Source(matrix)
          let target = out.map { $0 + range.lowerBound * filters } ?? products
          // [pixels x patch] · [patch x filters]
          right.multiply(m: range.count, rows, rowStride: length, step: 1, into: target, cStride: filters)
          finish(range, target)
        }
      }
    }
  }
}
