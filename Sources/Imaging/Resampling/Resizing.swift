extension Picture {
  /// The picture in another size, with antialiasing; opacities are resized apart from the colors, metadata is kept.
  ///
  /// Lines are mixed first and rounded to 8 bits, then columns, which gives the values that Pillow's `Image.resize` and
  /// data sets prepared with it have.
  ///
  /// - Parameters:
  ///   - width: Pixels of a row; the ratio of the sides may change.
  ///   - height: Rows.
  ///   - filter: The weights by which pixels are mixed.
  /// - Precondition: Both sides are positive.
  package func resized(toWidth width: Int, height: Int, filter: ResamplingFilter) -> Picture {
    precondition(width > 0 && height > 0, "Picture.resized: \(width)x\(height) is no size")
    if (width, height) == (self.width, self.height) { return self }
    let columns = width == self.width ? nil : ResamplingWeights(from: self.width, to: width, filter: filter)
    let rows = height == self.height ? nil : ResamplingWeights(from: self.height, to: height, filter: filter)
    func resize(_ values: [UInt8], channels: Int) -> [UInt8] {
      var values = values
      if let columns { values = mixColumns(of: values, channels: channels, width: self.width, weights: columns) }
      if let rows { values = mixRows(of: values, rowLength: width * channels, weights: rows) }
      return values
    }
    return Picture(
      width: width, height: height, channels: channels, pixels: resize(pixels, channels: channels),
      alpha: alpha.map { resize($0, channels: 1) }, metadata: metadata)
  }

  /// The picture in another size by a triangle filter with antialiasing.
  ///
  /// - Precondition: Both sides are positive.
  package func resized(toWidth width: Int, height: Int) -> Picture {
    resized(toWidth: width, height: height, filter: .bilinear)
  }
}

/// Resizes every row of an array of rows x `width` x `channels`.
///
/// - Returns: rows x target width x `channels`.
private func mixColumns(of source: [UInt8], channels: Int, width: Int, weights: ResamplingWeights) -> [UInt8] {
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
private func mixRows(of source: [UInt8], rowLength: Int, weights: ResamplingWeights) -> [UInt8] {
  let sums = UnsafeMutablePointer<Int32>.allocate(capacity: rowLength)
  defer { sums.deallocate() }
  return filled(count: weights.spans.count * rowLength) { target in
    source.withUnsafeBufferPointer { source in
      for (y, span) in weights.spans.enumerated() {
        sums.initialize(repeating: 0, count: rowLength)
        // Row by row rather than column by column: these loops become vector code.
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

/// From fixed point to 0...255.
@inline(__always)
private func rounded(_ sum: Int32) -> UInt8 {
  let half: Int32 = 1 << (ResamplingWeights.fractionBits - 1)
  return UInt8(truncatingIfNeeded: min(max((sum &+ half) >> ResamplingWeights.fractionBits, 0), 255))
}
