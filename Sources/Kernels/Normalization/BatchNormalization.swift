// Batch normalization (Ioffe and Szegedy, 2015, algorithm 1) with an activation: one pass over memory for the output,
// two for the gradient.

/// The mean, scale and bias per channel of a normalization.
package struct ChannelScales {
  let mean: Source
  /// The weight divided by the standard deviation.
  let scale: Source
  let bias: Source

  package init(mean: Source, scale: Source, bias: Source) {
    self.mean = mean
    self.scale = scale
    self.bias = bias
  }
}

/// out = activation((x - mean) · scale + bias).
///
/// - Parameter x: pixels x channels, as is `out`.
package func normalize(
  pixels: Int, channels: Int, _ x: Source, _ scales: ChannelScales, _ activation: Activation,
  into out: Destination
) {
  let block = pixelsOfBlock(channels)
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, channels))) { range in
    for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
      let count = min(block, range.upperBound - start)
      let (x, out) = (x + start * channels, out + start * channels)
      for pixel in 0..<count {
        let (x, out) = (x + pixel * channels, out + pixel * channels)
        for channel in 0..<channels {
          out[channel] = (x[channel] - scales.mean[channel]) * scales.scale[channel] + scales.bias[channel]
        }
      }
      activate(activation, count * channels, out)
    }
  }
}

/// The inputs of batch normalization's gradient.
package struct NormalizedFeatures {
  let pixels: Int
  let channels: Int
  /// pixels x channels.
  let x: Source
  /// The output of the normalization and its activation, which gives the activation's derivative. Not read if there is
  /// no activation.
  let output: Source
  let cotangent: Source
  let activation: Activation
  /// The mean and 1 / standard deviation per channel.
  let mean: Source
  let inverseStandardDeviation: Source

  package init(
    pixels: Int, channels: Int, x: Source, output: Source, cotangent: Source, activation: Activation,
    mean: Source, inverseStandardDeviation: Source
  ) {
    self.pixels = pixels
    self.channels = channels
    self.x = x
    self.output = output
    self.cotangent = cotangent
    self.activation = activation
    self.mean = mean
    self.inverseStandardDeviation = inverseStandardDeviation
  }

  /// Writes the cotangents of some pixels with respect to the activation's input.
  @inline(__always)
  fileprivate func cotangents(_ range: Range<Int>, into out: Destination) {
    let (count, first) = (range.count * channels, range.lowerBound * channels)
    activationGradient(activation, count, output: output + first, cotangent + first, into: out)
  }
}

/// Each channel's Σ g, the gradient of the bias, and Σ g · x̂, the gradient of the weight, where g is the cotangent of
/// the activation's input and x̂ the input normalized to mean 0 and variance 1.
///
/// - Parameter sums: 2 x channels.
package func batchNormalizationSums(_ features: NormalizedFeatures, into sums: Destination) {
  let (pixels, channels) = (features.pixels, features.channels)
  let block = pixelsOfBlock(channels)
  let blocks = (pixels + block - 1) / block
  withScratch(2 * blocks * channels) { parts in
    parallelWorkers(tasks: blocks) { next in
      withScratch(block * channels) { cotangents in
        while let task = next() {
          let range = task * block..<min(pixels, (task + 1) * block)
          features.cotangents(range, into: cotangents)
          let plain = parts + 2 * task * channels
          let weighted = plain + channels
          for channel in 0..<2 * channels { plain[channel] = 0 }
          for (row, pixel) in range.enumerated() {
            let (g, x) = (cotangents + row * channels, features.x + pixel * channels)
            for channel in 0..<channels {
              plain[channel] += g[channel]
              weighted[channel] += g[channel] * (x[channel] - features.mean[channel])
            }
          }
        }
      }
    }
    addGroups(blocks, 2 * channels, parts, into: sums)
  }
  for channel in 0..<channels { sums[channels + channel] *= features.inverseStandardDeviation[channel] }
}

/// The gradient of the input, dx = scale · (g - Σ g / pixels - x̂ · Σ (g · x̂) / pixels), with g and x̂ as in
/// `batchNormalizationSums`.
///
/// - Parameters:
///   - scale: The weight divided by the standard deviation, per channel.
///   - sums: The output of `batchNormalizationSums`.
package func batchNormalizationGradient(
  _ features: NormalizedFeatures, scale: Source, sums: Source, into dx: Destination
) {
  let (pixels, channels) = (features.pixels, features.channels)
  let block = pixelsOfBlock(channels)
  // dx = scale · g + slope · (x - mean) + offset.
  withScratch(2 * channels) { offsets in
    let slopes = offsets + channels
    for channel in 0..<channels {
      let part = -scale[channel] / Scalar(pixels)
      offsets[channel] = part * sums[channel]
      slopes[channel] = part * sums[channels + channel] * features.inverseStandardDeviation[channel]
    }
    parallelRanges(pixels, grain: max(1, elementGrain / max(1, channels))) { range in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
        let pixels = start..<min(range.upperBound, start + block)
        features.cotangents(pixels, into: dx + start * channels)
        for pixel in pixels {
          let (dx, x) = (dx + pixel * channels, features.x + pixel * channels)
          for channel in 0..<channels {
            dx[channel] =
              scale[channel] * dx[channel] + slopes[channel] * (x[channel] - features.mean[channel]) + offsets[channel]
          }
        }
      }
    }
  }
}

/// Each channel's mean and biased variance (divided by the number of pixels).
///
/// Each block of pixels that fits the cache gets its mean, then its squared deviations from it, so that a large mean
/// costs no precision. Blocks are combined in order (Chan et al., 1983, eq. 2.1). Memory is read once.
///
/// - Parameters:
///   - x: pixels x channels.
///   - mean, variance: One element per channel.
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

/// The number of pixels per block: few enough to stay in a core's L1 cache.
func pixelsOfBlock(_ channels: Int) -> Int { max(16, 8192 / max(1, channels)) }

/// The means of a block, and the sums of squared deviations from them.
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
