/// How the output of a 3x3 convolution with stride 1 is cut into tiles of 4x4 pixels.
///
/// With dilation d the output falls into d x d interleaved grids, and on each the convolution is an ordinary one; the
/// pixels of a tile are d apart.
struct WinogradTiles {
  /// The first output row and column of each tile of one picture.
  let origins: [(row: Int, column: Int)]
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let reach = 4 * geometry.dilation
    func starts(_ size: Int) -> [Int] {
      (0..<min(geometry.dilation, size)).flatMap { phase in
        Swift.stride(from: phase, to: size, by: reach)
      }
    }
    let columns = starts(geometry.outputWidth)
    origins = starts(geometry.outputHeight).flatMap { row in columns.map { (row, $0) } }
  }

  var count: Int { geometry.batch * origins.count }

  /// Whether there is anything to gain: the tiles' 36 products for each pair of channels against the 9 of each pixel.
  /// Ragged edges and wide dilations of small pictures leave tiles mostly empty, and few channels make products too small
  /// to pay for the transforms.
  static func pays(_ geometry: ConvolutionGeometry) -> Bool {
    guard geometry.kernelHeight == 3, geometry.kernelWidth == 3, geometry.stride == 1 else { return false }
    guard geometry.channels >= 32, geometry.filters >= 32 else { return false }
    let pixels = geometry.outputHeight * geometry.outputWidth
    return WinogradTiles(geometry).origins.count * 36 < pixels * 9 / 2
  }

  /// Tiles whose transforms are held at once: enough for efficient products, few enough for the cache and for all
  /// threads to have some.
  var blockLength: Int {
    let budget = 1 << 20  // scalars
    let cached = max(16, budget / (36 * (geometry.channels + geometry.filters)) / 8 * 8)
    let shared = max(16, (count / 16 + 7) / 8 * 8)
    return min(256, cached, shared)
  }

  /// Calls `body` with the picture and the origin of each tile of a range.
  @inline(__always)
  func forEach(_ range: Range<Int>, _ body: (_ index: Int, _ image: Int, _ row: Int, _ column: Int) -> Void) {
    for (index, tile) in range.enumerated() {
      let (image, place) = tile.quotientAndRemainder(dividingBy: origins.count)
      body(index, image, origins[place].row, origins[place].column)
    }
  }

  /// Bᵀ d B of each tile's 6x6 inputs: 36 matrices of `capacity` x channels, one row a tile.
  ///
  /// - Parameters:
  ///   - zeros: As many as there are channels, for what lies outside the picture.
  ///   - columnBuffer: 36 x channels.
  func transformInput(
    _ range: Range<Int>, capacity: Int, _ x: Source, zeros: Source, columnBuffer: Destination, into v: Destination
  ) {
    let channels = geometry.channels
    let matrix = capacity * channels
    forEach(range) { index, image, row, column in
      let picture = x + image * geometry.height * geometry.width * channels
      @inline(__always)
      func source(_ i: Int, _ j: Int) -> Source {
        let y = row + i * geometry.dilation - geometry.padding.top
        let x = column + j * geometry.dilation - geometry.padding.left
        guard y >= 0, y < geometry.height, x >= 0, x < geometry.width else { return zeros }
        return picture + (y * geometry.width + x) * channels
      }
      for j in 0..<6 {
        WinogradTransforms.input(
          channels, source(0, j), source(1, j), source(2, j), source(3, j), source(4, j), source(5, j),
          into: columnBuffer + j * channels, stride: 6 * channels)
      }
      for i in 0..<6 {
        let b = Source(columnBuffer) + i * 6 * channels
        WinogradTransforms.input(
          channels, b, b + channels, b + 2 * channels, b + 3 * channels, b + 4 * channels, b + 5 * channels,
          into: v + i * 6 * matrix + index * channels, stride: matrix)
      }
    }
  }
}
