extension Picture {
  /// The picture continued by reflection beyond its right and lower borders, opacities included. Borders are not
  /// repeated.
  ///
  /// - Precondition: Neither side becomes shorter.
  package func reflected(toWidth width: Int, height: Int) -> Picture {
    precondition(
      width >= self.width && height >= self.height,
      "Picture.reflected: \(width)x\(height) has no room for \(self.width)x\(self.height)")
    if (width, height) == (self.width, self.height) { return self }
    let columns = Picture.reflectedPositions(of: self.width, count: width)
    let rows = Picture.reflectedPositions(of: self.height, count: height)
    func gather(_ source: [UInt8], channels: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, initializedCount in
        source.withUnsafeBufferPointer { source in
          var position = 0
          for y in rows {
            for x in columns {
              let pixel = (y * self.width + x) * channels
              for channel in 0..<channels { target[position + channel] = source[pixel + channel] }
              position += channels
            }
          }
        }
        initializedCount = width * height * channels
      }
    }
    return Picture(
      width: width, height: height, channels: channels, pixels: gather(pixels, channels: channels),
      alpha: alpha.map { gather($0, channels: 1) }, metadata: metadata)
  }

  /// For each of `count` positions the one of a line that it shows: 0, 1, 2, 3, 2, 1, 0, 1, … for a line of four pixels.
  /// A single pixel is all there is.
  static func reflectedPositions(of length: Int, count: Int) -> [Int] {
    let period = max(1, 2 * length - 2)
    return (0..<count).map { position in
      let offset = position % period
      return offset < length ? offset : period - offset
    }
  }
}
