import Foundation
import Imaging

/// L1, the mean absolute error. Most inpainting networks are trained to minimize it, and it favors blur.
enum MeanAbsoluteError: PictureMetric {
  static let title = "L1"
  static let definition =
    "The mean absolute difference over pixels and color channels, where 100 % is from black to white (0 to 1 in JSON)."
  static let better = BetterDirection.lower
  static let format = NumberFormat.percent(decimals: 2)

  static func scores(_ comparison: Comparison) -> RegionScores {
    comparison.mean(ofDifferences: abs)
  }
}

/// L2 as in inpainting papers: the mean squared error, without a root.
enum MeanSquaredError: PictureMetric {
  static let title = "L2"
  static let definition =
    "The mean squared difference over pixels and color channels, without a root, where 100 % is from black to white "
    + "(0 to 1 in JSON)."
  static let better = BetterDirection.lower
  static let format = NumberFormat.percent(decimals: 3)

  static func scores(_ comparison: Comparison) -> RegionScores {
    comparison.mean { $0 * $0 }
  }
}

/// The peak signal-to-noise ratio, in decibels.
enum PeakSignalToNoise: PictureMetric {
  /// The value in decibels of a perfect prediction.
  static let limit = 100.0

  static let title = "PSNR"
  static let definition =
    "10 log10(1 / L2) in decibels, \(Int(limit)) at most, for each picture; means are over the decibels. Inside the hole "
    + "with the L2 of the missing pixels only."
  static let better = BetterDirection.higher
  static let format = NumberFormat.plain(unit: "dB", decimals: 2)

  static func scores(_ comparison: Comparison) -> RegionScores {
    let squared = MeanSquaredError.scores(comparison)
    return RegionScores(whole: decibels(squared.whole), hole: decibels(squared.hole))
  }

  /// 10 log10(1 / meanSquare), within the limit.
  private static func decibels(_ meanSquare: Double) -> Double {
    min(limit, -10 * log10(max(meanSquare, pow(10, -limit / 10))))
  }
}

/// The total variation: mean absolute differences of neighboring pixels. It is smaller for blur, and larger for noise.
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

  /// The mean absolute difference between pixels at a distance of `step`; 0 where there are no such pairs.
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

/// The contrast across the rim of a hole, which reveals seams.
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
