extension Picture {
  /// The picture with one value in every channel of a hole's missing pixels.
  ///
  /// - Precondition: The sizes are the same.
  package func withMissingPixels(of hole: Hole, filledWith value: UInt8) -> Picture {
    precondition(
      (width, height) == (hole.width, hole.height),
      "Picture.withMissingPixels: a hole of \(hole.width)x\(hole.height) in a picture of \(width)x\(height)")
    var result = self
    for (index, isMissing) in hole.values.enumerated() where isMissing != 0 {
      for channel in 0..<channels { result.pixels[index * channels + channel] = value }
    }
    return result
  }
}
