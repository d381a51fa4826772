/// The mean absolute differences of neighboring pixels in a filling. Blur has less of them than a picture, noise more.
enum TotalVariation: PictureMetric {
  static let title = "TV"
  static let definition =
    "Total variation of the filled picture: the mean absolute difference of pixels side by side, plus that of pixels one "
    + "above the other, over the color channels (0 to 2 in JSON). Inside the hole over the pairs with a missing pixel. "
    + "Good fillings have that of the originals: blur has less, noise more."
  static let better = BetterDirection.nearOriginal
  static let format = NumberFormat.percent(decimals: 2)
  static let needsOriginal = false

  static func scores(_ comparison: Comparison) -> RegionScores {
    let across = differences(comparison, step: 1, columns: comparison.filled.width - 1, rows: comparison.filled.height)
    let down = differences(
      comparison, step: comparison.filled.width, columns: comparison.filled.width, rows: comparison.filled.height - 1)
    return RegionScores(whole: across.whole + down.whole, hole: across.hole + down.hole)
  }

  /// The mean absolute difference between pixels and those `step` further on; 0 where there are no such pairs.
  private static func differences(_ comparison: Comparison, step: Int, columns: Int, rows: Int) -> RegionScores {
    let (picture, missing) = (comparison.filled, comparison.hole.values)
    let channels = picture.channels
    var sum = 0.0
    var holeSum = 0.0
    var holeCount = 0
    for row in 0..<rows {
      for pixel in row * picture.width..<row * picture.width + columns {
        var difference = 0.0
        for value in pixel * channels..<(pixel + 1) * channels {
          difference += abs(picture.values[value + step * channels] - picture.values[value])
        }
        sum += difference
        if missing[pixel] != 0 || missing[pixel + step] != 0 {
          holeSum += difference
          holeCount += channels
        }
      }
    }
    return RegionScores(
      whole: sum / Double(max(1, rows * columns * channels)), hole: holeSum / Double(max(1, holeCount)))
  }
}
