/// The contrast across the rim of a hole, by which a paste shows.
enum SeamContrast: PictureMetric {
  static let title = "Seam"
  static let definition =
    "The mean absolute difference, over the color channels, of the pairs of pixels side by side or one above the other of which "
    + "one was missing and one was known (0 to 1 in JSON); the same for both regions. Good fillings have that of the "
    + "originals: a seam that shows has more, blur less."
  static let better = BetterDirection.nearOriginal
  static let format = NumberFormat.percent(decimals: 2)
  static let needsOriginal = false

  static func scores(_ comparison: Comparison) -> RegionScores {
    let (picture, missing) = (comparison.filled, comparison.hole.values)
    let channels = picture.channels
    var (sum, count) = (0.0, 0)
    func add(_ pixel: Int, _ neighbor: Int) {
      guard missing[pixel] != missing[neighbor] else { return }
      for channel in 0..<channels {
        sum += abs(picture.values[pixel * channels + channel] - picture.values[neighbor * channels + channel])
      }
      count += channels
    }
    for pixel in missing.indices {
      if (pixel + 1) % picture.width != 0 { add(pixel, pixel + 1) }
      if pixel + picture.width < missing.count { add(pixel, pixel + picture.width) }
    }
    let mean = sum / Double(max(1, count))
    return RegionScores(whole: mean, hole: mean)
  }
}
