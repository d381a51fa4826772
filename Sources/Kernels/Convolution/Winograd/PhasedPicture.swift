/// A picture as Winograd's tiles see it: each of its pixels may stand for a square of 2 x 2 stored ones, the phases, whose
/// channels follow one another.
///
/// A convolution with stride 2 becomes one with stride 1 over the phases of its input, and one of an enlarged picture
/// becomes one of the small picture that makes all phases of the output at once.
struct PhasedPicture: Hashable {
  /// As stored: [batch, height, width, channels].
  let height: Int
  let width: Int
  let channels: Int
  /// Stored pixels to a side of a phased one: 1 or 2.
  let phases: Int

  var phasedHeight: Int { (height + phases - 1) / phases }
  var phasedWidth: Int { (width + phases - 1) / phases }
  var phaseCount: Int { phases * phases }
  var phasedChannels: Int { phaseCount * channels }

  /// Where the channels of one phase of a phased pixel begin; -1 outside the picture.
  @inline(__always)
  func offset(image: Int, row: Int, column: Int, phase: Int) -> Int {
    // Of phases 1 the phase is 0: division by 1 and remainders of it change nothing.
    let y = row * phases + phase / phases
    let x = column * phases + phase % phases
    guard row >= 0, y < height, column >= 0, x < width else { return -1 }
    return ((image * height + y) * width + x) * channels
  }
}
