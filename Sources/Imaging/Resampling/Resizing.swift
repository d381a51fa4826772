import Foundation

extension Picture {
  /// The picture in another size, with antialiasing; alpha is resized separately from the colors, metadata is kept.
  ///
  /// Rows are resampled first and rounded to 8 bits, then columns. The values are those of Pillow's `Image.resize` and
  /// of data sets prepared with it.
  ///
  /// - Parameters:
  ///   - width: Pixels of a row; the ratio of the sides may change.
  ///   - height: Rows.
  ///   - filter: The resampling filter.
  /// - Precondition: Both sides are positive.
  package func resized(toWidth width: Int, height: Int, filter: ResamplingFilter) -> Picture {
    precondition(width > 0 && height > 0, "Picture.resized: \(width)x\(height) is no size")
    if (width, height) == (self.width, self.height) { return self }
    let columns = width == self.width ? nil : ResamplingWeights(from: self.width, to: width, filter: filter)
    let rows = height == self.height ? nil : ResamplingWeights(from: self.height, to: height, filter: filter)
    func resize(_ values: [UInt8], channels: Int) -> [UInt8] {
      var values = values
      if let columns { values = resampleColumns(of: values, channels: channels, width: self.width, weights: columns) }
      if let rows { values = resampleRows(of: values, rowLength: width * channels, weights: rows) }
      return values
    }
    return Picture(
      width: width, height: height, channels: channels, pixels: resize(pixels, channels: channels),
      alpha: alpha.map { resize($0, channels: 1) }, metadata: metadata)
  }

  /// The picture in another size, by a triangle filter with antialiasing.
  ///
  /// - Precondition: Both sides are positive.
  package func resized(toWidth width: Int, height: Int) -> Picture {
    resized(toWidth: width, height: height, filter: .bilinear)
  }
}

/// Resizes every row of an array of rows x `width` x `channels`.
///
/// - Returns: rows x target width x `channels`.
private func resampleColumns(of source: [UInt8], channels: Int, width: Int, weights: ResamplingWeights) -> [UInt8] {
  let targetWidth = weights.spans.count
  let rowCount = source.count / (width * channels)
  return filled(count: rowCount * targetWidth * channels) { target in
    source.withUnsafeBufferPointer { source in
      weights.weights.withUnsafeBufferPointer { factors in
        for row in 0..<rowCount {
          let line = source.baseAddress! + row * width * channels
          let output = target + row * targetWidth * channels
          for (x, span) in weights.spans.enumerated() {
            let pixel = line + span.first * channels
            let factor = factors.baseAddress! + x * weights.stride
            switch channels {
            case 1: output[x] = rounded(dot(pixel, factor, count: span.count, step: 1))
            case 3:
              output[3 * x] = rounded(dot(pixel, factor, count: span.count, step: 3))
              output[3 * x + 1] = rounded(dot(pixel + 1, factor, count: span.count, step: 3))
              output[3 * x + 2] = rounded(dot(pixel + 2, factor, count: span.count, step: 3))
            default:
              for channel in 0..<channels {
                output[x * channels + channel] = rounded(
                  dot(pixel + channel, factor, count: span.count, step: channels))
              }
            }
          }
        }
      }
    }
  }
}

/// Resizes every column of an array of rows x `rowLength`.
///
/// - Returns: target rows x `rowLength`.
private func resampleRows(of source: [UInt8], rowLength: Int, weights: ResamplingWeights) -> [UInt8] {
  let sums = UnsafeMutablePointer<Int32>.allocate(capacity: rowLength)
  defer { sums.deallocate() }
  return filled(count: weights.spans.count * rowLength) { target in
    source.withUnsafeBufferPointer { source in
      for (y, span) in weights.spans.enumerated() {
        sums.initialize(repeating: 0, count: rowLength)
        // Row by row rather than column by column: these loops are vectorized.
        for tap in 0..<span.count {
          let factor = weights.weights[y * weights.stride + tap]
          let line = source.baseAddress! + (span.first + tap) * rowLength
          for x in 0..<rowLength { sums[x] &+= Int32(truncatingIfNeeded: line[x]) &* factor }
        }
        let output = target + y * rowLength
        for x in 0..<rowLength { output[x] = rounded(sums[x]) }
      }
    }
  }
}

private func filled(count: Int, by fill: (UnsafeMutablePointer<UInt8>) -> Void) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { values, initializedCount in
    fill(values.baseAddress!)
    initializedCount = count
  }
}

/// The weighted sum of every `step`-th value.
@inline(__always)
private func dot(_ values: UnsafePointer<UInt8>, _ factors: UnsafePointer<Int32>, count: Int, step: Int) -> Int32 {
  var sum: Int32 = 0
  for index in 0..<count {
    sum &+= Int32(truncatingIfNeeded: values[index &* step]) &* factors[index]
  }
  return sum
}

/// The fixed-point number rounded and clamped to 0...255.
@inline(__always)
private func rounded(_ sum: Int32) -> UInt8 {
  let half: Int32 = 1 << (ResamplingWeights.fractionBits - 1)
  return UInt8(truncatingIfNeeded: min(max((sum &+ half) >> ResamplingWeights.fractionBits, 0), 255))
}

/// A filter for resampling.
package enum ResamplingFilter: String, CaseIterable, Sendable {
  /// The pixel under the center (nearest neighbor); the only filter without new values.
  case nearest
  /// A triangle of radius 1.
  case bilinear
  /// A cubic of radius 2 with a = -1/2 (Keys, 1981).
  case bicubic
  /// A windowed sinc of radius 3 (Duchon, 1979).
  case lanczos3

  /// The radius of the support in pixels: the filter is zero from there on.
  var radius: Double {
    switch self {
    case .nearest: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    }
  }

  /// The weight of a pixel at a distance from the center, before normalization.
  func weight(at distance: Double) -> Double {
    let x = abs(distance)
    guard x < radius else { return 0 }
    return switch self {
    case .nearest: 1
    case .bilinear: 1 - x
    case .bicubic: x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((2.5 - 0.5 * x) * x - 4) * x + 2
    case .lanczos3: Self.sinc(x) * Self.sinc(x / 3)
    }
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(.pi * x) / (.pi * x)
  }
}

/// For every pixel of a resized line, the source pixels that contribute to it and their weights in fixed point.
///
/// In downsampling the filter is stretched by the scale factor (antialiasing), so that every source pixel contributes.
struct ResamplingWeights {
  /// Weights are multiples of 2^-22: a sum of 8-bit values times weights whose magnitudes add up to less than 2 fits
  /// 32 bits.
  static let fractionBits: Int32 = 22

  /// For each target pixel, the first source pixel and the number of source pixels.
  let spans: [(first: Int, count: Int)]
  /// The weights, `stride` a target pixel; those after a span's count are zero. Each pixel's add up to one, within
  /// rounding: at the borders they are normalized.
  let weights: [Int32]
  let stride: Int

  /// - Parameters:
  ///   - sourceLength: The number of pixels of a line, or of rows, before; positive.
  ///   - targetLength: The number afterwards; positive.
  init(from sourceLength: Int, to targetLength: Int, filter: ResamplingFilter) {
    let scale = Double(sourceLength) / Double(targetLength)
    if filter == .nearest {
      spans = (0..<targetLength).map { (min(Int((Double($0) + 0.5) * scale), sourceLength - 1), 1) }
      weights = [Int32](repeating: 1 << Self.fractionBits, count: targetLength)
      stride = 1
      return
    }
    let stretch = max(scale, 1)
    let support = filter.radius * stretch
    let stride = 2 * Int(support.rounded(.up)) + 1
    var spans = [(first: Int, count: Int)]()
    var weights = [Int32](repeating: 0, count: targetLength * stride)
    for target in 0..<targetLength {
      let center = (Double(target) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let last = min(Int(center + support + 0.5), sourceLength)
      let values = (first..<last).map { filter.weight(at: (Double($0) - center + 0.5) / stretch) }
      let sum = values.reduce(0, +)
      for (index, value) in values.enumerated() {
        let fixed = value / sum * Double(1 << Self.fractionBits)
        weights[target * stride + index] = Int32(fixed.rounded())
      }
      spans.append((first, values.count))
    }
    self.spans = spans
    self.weights = weights
    self.stride = stride
  }
}
