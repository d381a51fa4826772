/// A picture whose hole continues what is known smoothly, almost as the solution of Laplace's equation does, within
/// milliseconds: what a network may start from.
///
/// Pulling averages the known pixels of squares of 2 x 2, of these again, and so on, until nothing is missing. Pushing goes
/// back: missing pixels are interpolated from the level above (Gortler et al., 1996, "The Lumigraph") and relaxed at each
/// level. What is left of the difference from the exact solution is smooth, and 1 to 2 % of the range from black to white in
/// wide holes. The result depends neither on the machine nor on the number of threads.
package struct PullPushFill: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// `height * width * 3` numbers, red, green and blue of a pixel, rows from the top. Known pixels are x / 127.5 − 1;
  /// missing ones lie between the least and the largest known number of their channel, or are 0 if nothing is known.
  package let values: [Float]

  /// - Precondition: The sizes are the same, and the picture has 1 or 3 channels.
  package init(_ picture: Picture, hole: Hole) {
    precondition(
      (picture.width, picture.height) == (hole.width, hole.height) && [1, 3].contains(picture.channels),
      "PullPushFill: a hole of \(hole.width)x\(hole.height) in a picture of \(picture.width)x\(picture.height)x"
        + "\(picture.channels)")
    let channels = picture.channels
    let (green, blue) = channels == 3 ? (1, 2) : (0, 0)
    var finest = PullPushLevel(width: hole.width, height: hole.height)
    picture.pixels.withUnsafeBufferPointer { pixels in
      for (pixel, missing) in hole.values.enumerated() where missing == 0 {
        let bytes = pixels.baseAddress! + pixel * channels
        finest.know(
          pixel, SIMD4(Float(bytes[0]), Float(bytes[green]), Float(bytes[blue]), 0) / 127.5 - SIMD4(1, 1, 1, 0))
      }
    }
    finest.fill()
    self.init(width: hole.width, height: hole.height, finest.colors)
  }

  /// - Parameter colors: As many pixels as there are, or more.
  private init(width: Int, height: Int, _ colors: [SIMD4<Float>]) {
    self.width = width
    self.height = height
    values = [Float](unsafeUninitializedCapacity: 3 * width * height) { values, count in
      for pixel in 0..<width * height {
        for channel in 0..<3 { values.initializeElement(at: 3 * pixel + channel, to: colors[pixel][channel]) }
      }
      count = 3 * width * height
    }
  }

  /// The color of a pixel; the last component is 0.
  private func color(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let first = 3 * (y * width + x)
    return SIMD4(values[first], values[first + 1], values[first + 2], 0)
  }
}

extension PullPushFill: Raster {
  package func cropped(to part: PixelRectangle) -> PullPushFill {
    gathered(columns: Array(part.columns), rows: Array(part.rows))
  }

  package func flippedHorizontally() -> PullPushFill {
    gathered(columns: (0..<width).reversed(), rows: Array(0..<height))
  }

  package func reflected(toWidth width: Int, height: Int) -> PullPushFill {
    precondition(
      width >= self.width && height >= self.height,
      "PullPushFill.reflected: \(width)x\(height) has no room for \(self.width)x\(self.height)")
    return gathered(
      columns: Picture.reflectedPositions(of: self.width, count: width),
      rows: Picture.reflectedPositions(of: self.height, count: height))
  }

  /// The fill in another size, interpolated between the centers of the four nearest pixels.
  package func resized(toWidth width: Int, height: Int) -> PullPushFill {
    precondition(width > 0 && height > 0, "PullPushFill.resized: \(width)x\(height) is no size")
    if (width, height) == (self.width, self.height) { return self }
    let columns = Self.neighbors(of: self.width, by: width)
    let rows = Self.neighbors(of: self.height, by: height)
    return PullPushFill(
      width: width, height: height,
      rows.flatMap { row in
        columns.map { column in
          let above =
            color(column.first, row.first) * (1 - column.share) + color(column.second, row.first) * column.share
          let below =
            color(column.first, row.second) * (1 - column.share) + color(column.second, row.second) * column.share
          return above * (1 - row.share) + below * row.share
        }
      })
  }

  private func gathered(columns: [Int], rows: [Int]) -> PullPushFill {
    PullPushFill(width: columns.count, height: rows.count, rows.flatMap { y in columns.map { color($0, y) } })
  }

  /// For each pixel of a line of another length the two of a line that it lies between, and the share of the second.
  private static func neighbors(of length: Int, by target: Int) -> [(first: Int, second: Int, share: Float)] {
    (0..<target).map { pixel in
      let center = (Float(pixel) + 0.5) * Float(length) / Float(target) - 0.5
      let position = min(max(center, 0), Float(length - 1))
      let first = Int(position)
      return (first, min(first + 1, length - 1), position - Float(first))
    }
  }
}
