/// The tiling of a convolution by minimal filtering: a 3x3 or 4x4 convolution with stride 1 between two space-to-depth
/// feature maps, with the output cut into tiles of 4x4 or 3x3 blocks.
///
/// With dilation d, the output falls into d x d interleaved grids, and on each the convolution is an ordinary one. The
/// pixels of a tile are d apart.
struct WinogradPlan {
  let filtering: MinimalFiltering
  let batch: Int
  let input: SpaceToDepthFeatureMap
  let output: SpaceToDepthFeatureMap
  let dilation: Int
  /// Zero padding above and to the left of the input, in blocks.
  let top: Int
  let left: Int
  /// The first output row and column of each tile of one image.
  let origins: [(row: Int, column: Int)]

  init(
    _ filtering: MinimalFiltering, batch: Int, input: SpaceToDepthFeatureMap, output: SpaceToDepthFeatureMap,
    dilation: Int, top: Int, left: Int
  ) {
    self.filtering = filtering
    self.batch = batch
    self.input = input
    self.output = output
    self.dilation = dilation
    self.top = top
    self.left = left
    func starts(_ size: Int) -> [Int] {
      (0..<min(dilation, size)).flatMap { phase in
        Swift.stride(from: phase, to: size, by: filtering.outputs * dilation)
      }
    }
    let columns = starts(output.gridWidth)
    origins = starts(output.gridHeight).flatMap { row in columns.map { (row, $0) } }
  }

  /// The number of tiles of the whole batch.
  var tileCount: Int { batch * origins.count }

  /// The plan of the input gradient: a convolution of the cotangent with the flipped filter.
  var ofInputGradient: WinogradPlan {
    let reach = (filtering.taps - 1) * dilation
    return WinogradPlan(
      filtering, batch: batch, input: output, output: input, dilation: dilation, top: reach - top, left: reach - left)
  }

  /// The image and the origin of a tile.
  @inline(__always)
  func tile(_ index: Int) -> (image: Int, row: Int, column: Int) {
    let (image, position) = index.quotientAndRemainder(dividingBy: origins.count)
    return (image, origins[position].row, origins[position].column)
  }

  /// Writes the offsets of a tile's output pixels in the stored output, -1 for those that do not exist.
  ///
  /// - Parameter side: `filtering.outputs`, where the compiler knows it.
  @inline(__always)
  func outputOffsets(tile index: Int, phase: Int, side: Int, into offsets: UnsafeMutablePointer<Int>) {
    let (image, row, column) = tile(index)
    for i in 0..<side {
      for j in 0..<side {
        offsets[side * i + j] = output.offset(
          image: image, row: row + i * dilation, column: column + j * dilation, phase: phase)
      }
    }
  }

  /// Writes the offsets of a tile's 6x6 input pixels in the stored input, -1 for padding.
  @inline(__always)
  func inputOffsets(tile index: Int, phase: Int, into offsets: UnsafeMutablePointer<Int>) {
    let (image, row, column) = tile(index)
    for i in 0..<6 {
      for j in 0..<6 {
        offsets[6 * i + j] = input.offset(
          image: image, row: row + i * dilation - top, column: column + j * dilation - left, phase: phase)
      }
    }
  }
}

extension ConvolutionGeometry {
  /// The convolution in space-to-depth form, with its filter; nil if it has none. Three kinds have one: 3x3 and 4x4
  /// with stride 1 and any dilation; kernels of 4 to 6 with stride 2; and 3x3 after nearest-neighbor upsampling by 2.
  var winograd: (plan: WinogradPlan, filter: SpaceToDepthFilter)? {
    guard channels % Lanes.scalarCount == 0, filters % Lanes.scalarCount == 0 else { return nil }
    let rows: BlockTaps
    let columns: BlockTaps
    switch (stride, upsampling) {
    case (1, 1) where kernelHeight == kernelWidth:
      guard let filtering = MinimalFiltering(rawValue: kernelHeight) else { return nil }
      (rows, columns) = (.plain(filtering), .plain(filtering))
    case (2, 1) where dilation == 1 && kernelHeight > 3 && kernelWidth > 3:
      guard let strided = BlockTaps.strided(kernel: kernelHeight, padding: padding.top),
        let stridedColumns = BlockTaps.strided(kernel: kernelWidth, padding: padding.left)
      else { return nil }
      (rows, columns) = (strided, stridedColumns)
    case (1, 2) where dilation == 1 && kernelHeight == 3 && kernelWidth == 3 && padding == Padding(1):
      (rows, columns) = (.enlarged, .enlarged)
    default: return nil
    }
    let plan = WinogradPlan(
      rows.filtering, batch: batch,
      input: SpaceToDepthFeatureMap(height: height, width: width, channels: channels, blockSize: stride),
      output: SpaceToDepthFeatureMap(
        height: outputHeight, width: outputWidth, channels: filters, blockSize: upsampling),
      dilation: dilation, top: (padding.top + stride - 1) / stride, left: (padding.left + stride - 1) / stride)
    let filter = SpaceToDepthFilter(
      rows: rows, columns: columns, kernelHeight: kernelHeight, kernelWidth: kernelWidth, channels: channels,
      filters: filters,
      blocksAreOutputs: upsampling > 1)
    return (plan, filter)
  }

  /// True if Winograd is faster: the estimated cost of the products and the transforms is less than that of direct
  /// products. Ragged edges and wide dilations of small feature maps leave tiles mostly empty, and with few channels
  /// the transforms cost more than the products they save.
  var winogradIsFaster: Bool {
    guard channels >= 16, filters >= 16, let (plan, filter) = winograd else { return false }
    let pairs = Double(filter.blockChannels * filter.blockFilters)
    // A transformed element costs about as much as 20 or 24 products.
    let transforms = Double(plan.tileCount) * 20 * Double(filter.blockChannels + filter.blockFilters) + 24 * pairs
    let direct =
      Double(batch * outputHeight * outputWidth) * Double(kernelHeight * kernelWidth) * Double(channels * filters)
    return 36 * (Double(plan.tileCount) * pairs + transforms) < direct
  }
}

/// A feature map as Winograd's tiles read it: a grid of blocks, each one stored pixel or, by space-to-depth, a square
/// of 2 x 2. The pixels of a block are its phases, and their channels are concatenated.
///
/// A convolution with stride 2 becomes one with stride 1 over the phases of its input. A convolution of an upsampled
/// input becomes one of the small input that computes all phases of the output at once.
struct SpaceToDepthFeatureMap: Hashable {
  /// As stored: [batch, height, width, channels].
  let height: Int
  let width: Int
  let channels: Int
  /// The side of a block in stored pixels: 1 or 2.
  let blockSize: Int

  var gridHeight: Int { (height + blockSize - 1) / blockSize }
  var gridWidth: Int { (width + blockSize - 1) / blockSize }
  var blockArea: Int { blockSize * blockSize }
  var blockChannels: Int { blockArea * channels }

  /// The offset of the channels of one phase of a block; -1 outside the feature map.
  @inline(__always)
  func offset(image: Int, row: Int, column: Int, phase: Int) -> Int {
    // A block of one pixel has phase 0, for which the division by 1 and its remainder give 0.
    let y = row * blockSize + phase / blockSize
    let x = column * blockSize + phase % blockSize
    guard row >= 0, y < height, column >= 0, x < width else { return -1 }
    return ((image * height + y) * width + x) * channels
  }
}
