import Imaging

/// A filled picture beside the original: what every metric is given.
package struct Comparison: Sendable {
  /// The picture with its hole filled.
  package let filled: PictureValues
  /// The picture that it is to be compared with.
  package let original: PictureValues
  /// The missing pixels.
  package let hole: Hole
  /// The number of missing pixels.
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

  /// The mean of a function of the difference, filled less original, over the pixels and their channels.
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
  /// All pixels, known ones too: what most papers print. It grows better as holes grow smaller.
  case whole
  /// The missing pixels only.
  case hole

  /// The words in headings.
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
