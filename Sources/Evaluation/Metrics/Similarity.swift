import Foundation
import Imaging
import NeuralNetworks
import Tensors

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

  /// The elementwise product.
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

/// A Gaussian filter of standard deviation 1.5, truncated at a radius of 5.
///
/// Planes are padded symmetrically, which repeats the border pixels.
struct GaussianWindow {
  /// The number of pixels to each side of the center.
  static let radius = 5
  /// 11 numbers whose sum is 1.
  static let weights: [Double] = {
    let values = (-radius...radius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }()

  /// The size of the planes.
  let width: Int
  let height: Int

  /// `height * width` means; the plane has at least as many rows and columns as the radius.
  func mean(of plane: [Double]) -> [Double] {
    let across = [Double](unsafeUninitializedCapacity: plane.count) { result, count in
      plane.withUnsafeBufferPointer { plane in
        var line = [Double](repeating: 0, count: width + 2 * Self.radius)
        for row in 0..<height {
          for column in line.indices {
            line[column] = plane[row * width + Self.mirrored(column - Self.radius, count: width)]
          }
          line.withUnsafeBufferPointer { line in
            Self.mix(count: width, into: result.baseAddress! + row * width) { line.baseAddress! + $0 }
          }
        }
      }
      count = plane.count
    }
    return [Double](unsafeUninitializedCapacity: plane.count) { result, count in
      across.withUnsafeBufferPointer { across in
        for row in 0..<height {
          Self.mix(count: width, into: result.baseAddress! + row * width) { tap in
            across.baseAddress! + Self.mirrored(row + tap - Self.radius, count: height) * width
          }
        }
      }
      count = plane.count
    }
  }

  /// Adds up the weighted lines of the 11 taps.
  private static func mix(
    count: Int, into target: UnsafeMutablePointer<Double>, line: (Int) -> UnsafePointer<Double>
  ) {
    target.initialize(repeating: 0, count: count)
    for (tap, weight) in weights.enumerated() {
      let source = line(tap)
      for position in 0..<count { target[position] += weight * source[position] }
    }
  }

  /// The row or column that a position beyond the borders is reflected to.
  private static func mirrored(_ position: Int, count: Int) -> Int {
    position < 0 ? -1 - position : position >= count ? 2 * count - 1 - position : position
  }
}

/// LPIPS, with weights from files.
enum LearnedSimilarity: DescribedMetric {
  static let title = "LPIPS"
  static let definition =
    "Learned perceptual image patch similarity 0.1 (Zhang et al., 2018): squared differences of a network's features, brought "
    + "to unit length and weighted by heads calibrated on human judgments, summed over its depths. Whole picture: the "
    + "means of the depths' maps. Inside the hole: the mean over the missing pixels of the maps, resized bilinearly to "
    + "the picture, where pixels around the hole play a part as far as the network looks."
  static let better = BetterDirection.lower
  static let format = NumberFormat.plain(decimals: 4)

  /// - Parameters:
  ///   - maps: The maps that `PerceptualSimilarity.distances` returns, of one picture.
  ///   - hole: The hole, of the picture's size and not empty.
  static func scores(_ maps: [Tensor], hole: Hole) -> RegionScores {
    let missing = hole.values.indices.filter { hole.values[$0] != 0 }
    var (whole, inside) = (0.0, 0.0)
    for map in maps {
      whole += map.withElements { $0.reduce(0) { $0 + Double($1) } } / Double(map.count)
      let resized = map.resizedBilinear(height: hole.height, width: hole.width)
      inside += resized.withElements { elements in missing.reduce(0) { $0 + Double(elements[$1]) } }
    }
    return RegionScores(whole: whole, hole: inside / Double(missing.count))
  }
}
