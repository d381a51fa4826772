/// A picture as Winograd's tiles see it: a grid of blocks, each a stored pixel or, by space to depth, a square of 2 x 2 of
/// them. The pixels of a block are its phases, whose channels follow one another.
///
/// A convolution with stride 2 becomes one with stride 1 over the phases of its input, and one of an enlarged picture
/// becomes one of the small picture that makes all phases of the output at once.
struct SpaceToDepthPicture: Hashable {
  /// As stored: [batch, height, width, channels].
  let height: Int
  let width: Int
  let channels: Int
  /// Stored pixels to a side of a block: 1 or 2.
  let blockSize: Int

  var gridHeight: Int { (height + blockSize - 1) / blockSize }
  var gridWidth: Int { (width + blockSize - 1) / blockSize }
  var blockArea: Int { blockSize * blockSize }
  var blockChannels: Int { blockArea * channels }

  /// The offset of the channels of one phase of a block; -1 outside the picture.
  @inline(__always)
  func offset(image: Int, row: Int, column: Int, phase: Int) -> Int {
    // Of blocks of one pixel the phase is 0: division by 1 and remainders of it change nothing.
    let y = row * blockSize + phase / blockSize
    let x = column * blockSize + phase % blockSize
    guard row >= 0, y < height, column >= 0, x < width else { return -1 }
    return ((image * height + y) * width + x) * channels
  }
}
