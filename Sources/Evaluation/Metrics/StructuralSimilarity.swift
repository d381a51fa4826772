import Imaging

/// The structural similarity index (Wang et al., "Image quality assessment: from error visibility to structural
/// similarity", 2004).
enum StructuralSimilarity: PictureMetric {
  static let title = "SSIM"
  static let definition =
    "Structural similarity of each color channel with a Gaussian window of 11 x 11 (sigma 1.5), K1 = 0.01, K2 = 0.03, "
    + "population variances, averaged over the channels. Whole picture: the map without its border of 5 pixels. Inside "
    + "the hole: the map's mean over the missing pixels, the border included, where the picture goes on mirrored."
  static let better = BetterDirection.higher
  static let format = NumberFormat.plain(decimals: 4)

  static func scores(_ comparison: Comparison) -> RegionScores {
    let (width, height) = (comparison.original.width, comparison.original.height)
    let border = GaussianWindow.radius
    precondition(min(width, height) > 2 * border, "StructuralSimilarity: \(width)x\(height) is smaller than the window")
    var sum = 0.0
    var holeSum = 0.0
    for channel in 0..<comparison.original.channels {
      let map = similarity(comparison.filled.plane(channel), comparison.original.plane(channel), width, height)
      for row in border..<height - border {
        for pixel in row * width + border..<(row + 1) * width - border { sum += map[pixel] }
      }
      for pixel in map.indices where comparison.hole.values[pixel] != 0 { holeSum += map[pixel] }
    }
    let channels = comparison.original.channels
    let inner = (width - 2 * border) * (height - 2 * border)
    return RegionScores(
      whole: sum / Double(inner * channels), hole: holeSum / Double(comparison.missingCount * channels))
  }

  /// The map of one channel (equation 13), `height * width` values of at most 1.
  private static func similarity(_ first: [Double], _ second: [Double], _ width: Int, _ height: Int) -> [Double] {
    let window = GaussianWindow(width: width, height: height)
    let (meanX, meanY) = (window.mean(of: first), window.mean(of: second))
    let squareX = window.mean(of: product(first, first))
    let squareY = window.mean(of: product(second, second))
    let mixed = window.mean(of: product(first, second))
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    return first.indices.map { pixel in
      let (x, y) = (meanX[pixel], meanY[pixel])
      let covariance = mixed[pixel] - x * y
      let variances = squareX[pixel] - x * x + squareY[pixel] - y * y
      return (2 * x * y + c1) * (2 * covariance + c2) / ((x * x + y * y + c1) * (variances + c2))
    }
  }

  /// Element by element.
  private static func product(_ first: [Double], _ second: [Double]) -> [Double] {
    first.indices.map { first[$0] * second[$0] }
  }
}

extension PictureValues {
  /// `height * width` values of one channel.
  fileprivate func plane(_ channel: Int) -> [Double] {
    stride(from: channel, to: values.count, by: channels).map { values[$0] }
  }
}
