/// The rows of an im2col matrix: the patch that each pixel of a grid reads in a source picture.
///
/// Pixel (row, column) of the grid reads the source at (row · stride + rowOffsets[i], column · stride +
/// columnOffsets[j]) for every i, j; outside the source it reads zeros. A convolution reads its input like this, and
/// so does its input gradient read the cotangent, with other offsets.
struct Im2col {
  var sourceHeight: Int
  var sourceWidth: Int
  var channels: Int
  var gridHeight: Int
  var gridWidth: Int
  var stride: Int
  /// Every pixel of the source counts as a square of so many pixels to a side.
  var upsampling: Int
  var rowOffsets: [Int]
  var columnOffsets: [Int]

  var patchLength: Int { rowOffsets.count * columnOffsets.count * channels }

  /// Every patch of a convolution's input.
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

  /// Writes the patches of the grid's pixels `pixels` (counted over the whole batch) as the rows of a matrix with
  /// `patchLength` columns, ordered kernel row, kernel column, channel.
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
    if upsampling > 1 { return gatherEnlargedPatch(row, column, from: image, into: patch) }
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

  private func gatherEnlargedPatch(_ row: Int, _ column: Int, from image: Source, into patch: Destination) {
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
