/// Each channel's mean, and its variance divided by the number of pixels.
///
/// Blocks of pixels that fit the cache have their mean taken and then the squares around it, so that a large mean costs the
/// variance no precision; the blocks are joined in order (Chan et al., 1983, eq. 2.1). Memory is read once.
///
/// - Parameters:
///   - x: pixels x channels.
///   - mean, variance: One number a channel.
package func channelMoments(
  pixels: Int, channels: Int, _ x: Source, mean: Destination, variance: Destination
) {
  let block = pixelsOfBlock(channels)
  let blocks = (pixels + block - 1) / block
  withScratch(2 * blocks * channels) { moments in
    parallel(tasks: blocks) { task in
      let range = task * block..<min(pixels, (task + 1) * block)
      let mean = moments + 2 * task * channels
      blockMoments(range.count, channels, x + range.lowerBound * channels, mean: mean, squares: mean + channels)
    }
    mean.update(from: moments, count: channels)
    variance.update(from: moments + channels, count: channels)
    for index in 1..<max(1, blocks) {
      let other = moments + 2 * index * channels
      let before = Scalar(index * block)
      let share = Scalar(min(block, pixels - index * block)) / Scalar(min(pixels, (index + 1) * block))
      for channel in 0..<channels {
        let difference = other[channel] - mean[channel]
        mean[channel] += difference * share
        variance[channel] += other[channels + channel] + difference * difference * before * share
      }
    }
    for channel in 0..<channels { variance[channel] /= Scalar(pixels) }
  }
}

/// The pixels that are summed one after the other, few enough to stay in a core's first cache.
func pixelsOfBlock(_ channels: Int) -> Int { max(16, 8192 / max(1, channels)) }

/// The means of a block, and the sums of squared distances from them.
private func blockMoments(_ pixels: Int, _ channels: Int, _ x: Source, mean: Destination, squares: Destination) {
  for channel in 0..<channels {
    mean[channel] = 0
    squares[channel] = 0
  }
  for pixel in 0..<pixels {
    let x = x + pixel * channels
    for channel in 0..<channels { mean[channel] += x[channel] }
  }
  for channel in 0..<channels { mean[channel] /= Scalar(pixels) }
  for pixel in 0..<pixels {
    let x = x + pixel * channels
    for channel in 0..<channels {
      let distance = x[channel] - mean[channel]
      squares[channel] += distance * distance
    }
  }
}
