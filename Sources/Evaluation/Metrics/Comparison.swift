package import Imaging
package import Tensors

/// A filled picture, its original and the hole: the input of every metric of pixels.
package struct Comparison: Sendable {
  /// The picture with its hole filled.
  package let filled: PictureValues
  /// The reference picture.
  package let original: PictureValues
  package let hole: Hole
  let missingCount: Int

  /// - Precondition: All have the same size, and the hole is not empty.
  package init(filled: PictureValues, original: PictureValues, hole: Hole) {
    precondition(
      [filled.width, filled.height, filled.channels] == [original.width, original.height, original.channels]
        && [hole.width, hole.height] == [original.width, original.height],
      "Comparison: the filled picture, the original and the hole must have the same size")
    missingCount = hole.missingCount
    precondition(missingCount > 0, "Comparison: the hole is empty")
    self.filled = filled
    self.original = original
    self.hole = hole
  }

  /// The mean of a function of the difference, filled minus original, over pixels and channels.
  func mean(ofDifferences measure: (Double) -> Double) -> RegionScores {
    let channels = original.channels
    var sum = 0.0
    var holeSum = 0.0
    for pixel in hole.values.indices {
      var pixelSum = 0.0
      for value in pixel * channels..<(pixel + 1) * channels {
        pixelSum += measure(filled.values[value] - original.values[value])
      }
      sum += pixelSum
      if hole.values[pixel] != 0 { holeSum += pixelSum }
    }
    return RegionScores(
      whole: sum / Double(original.values.count), hole: holeSum / Double(missingCount * channels))
  }
}

/// The pixels that a metric covers.
package enum Region: String, CaseIterable, Sendable {
  /// All pixels, known ones too, as in most papers. The smaller the holes, the better the values.
  case whole
  /// The missing pixels only.
  case hole

  /// The title in headings.
  package var title: String {
    switch self {
    case .whole: "Whole picture"
    case .hole: "Inside the hole"
    }
  }
}

/// A metric's value in either region.
package struct RegionScores: Equatable, Sendable {
  /// Over all pixels.
  package let whole: Double
  /// Over the missing pixels.
  package let hole: Double

  subscript(region: Region) -> Double {
    switch region {
    case .whole: whole
    case .hole: hole
    }
  }
}

/// The metrics of validation during training: the closeness of a prediction to the original inside the hole, from
/// tensors. They are those of reports, without rounding to 8 bits.
package struct HoleQuality: Equatable, Sendable {
  /// `Metric.l1` of the missing pixels, 0...1.
  package let l1: Double
  /// `Metric.psnr` of the missing pixels, in decibels.
  package let psnr: Double

  package init(l1: Double, psnr: Double) {
    self.l1 = l1
    self.psnr = psnr
  }

  /// The quality of one filled picture.
  ///
  /// - Parameters:
  ///   - filled, original: [1, height, width, channels] in −1...1; values are clamped to that range first, as in a
  ///     file.
  ///   - hole: The hole, of the same size.
  /// - Precondition: The hole is not empty.
  package init(of filled: Tensor, original: Tensor, hole: Hole) {
    let comparison = Comparison(filled: PictureValues(filled), original: PictureValues(original), hole: hole)
    self.init(l1: Metric.l1.scores(comparison).hole, psnr: Metric.psnr.scores(comparison).hole)
  }

  /// The mean over several pictures; that of PSNR is over decibels, not over squared differences.
  ///
  /// - Precondition: There is at least one.
  package static func mean(of qualities: [HoleQuality]) -> HoleQuality {
    precondition(!qualities.isEmpty, "HoleQuality.mean: there are no pictures")
    let count = Double(qualities.count)
    return HoleQuality(
      l1: qualities.reduce(0) { $0 + $1.l1 } / count, psnr: qualities.reduce(0) { $0 + $1.psnr } / count)
  }
}

/// Here because `Imaging` has no tensors.
extension PictureValues {
  /// A picture of a tensor. Values are clamped to −1...1, as in a file, but not rounded.
  ///
  /// - Parameter tensor: [1, height, width, channels].
  package init(_ tensor: Tensor) {
    precondition(
      tensor.rank == 4 && tensor.shape[0] == 1,
      "PictureValues: expected one picture, [1, height, width, channels], found shape \(tensor.shape)")
    let values = tensor.withElements { elements in
      elements.map { (Double.minimum(Double.maximum(Double($0), -1), 1) + 1) / 2 }
    }
    self.init(width: tensor.shape[2], height: tensor.shape[1], channels: tensor.shape[3], values: values)
  }
}
