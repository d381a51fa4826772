import Imaging
import Tensors

/// The closeness of a filling to the original inside the hole, of pictures that are still tensors: for validation while
/// a network trains. The metrics are those of reports, without the rounding to 8 bits.
package struct HoleQuality: Equatable, Sendable {
  /// `Metric.l1` of the missing pixels, 0...1.
  package let l1: Double
  /// `Metric.psnr` of the missing pixels, in decibels.
  package let psnr: Double

  package init(l1: Double, psnr: Double) {
    self.l1 = l1
    self.psnr = psnr
  }

  /// The quality of one filling.
  ///
  /// - Parameters:
  ///   - filled, original: [1, height, width, channels] in −1...1; what lies outside that range is cut off first, as it
  ///     would be in a file.
  ///   - hole: Of the same size.
  /// - Precondition: The hole is not empty.
  package init(of filled: Tensor, original: Tensor, hole: Hole) {
    let comparison = Comparison(filled: PictureValues(filled), original: PictureValues(original), hole: hole)
    self.init(l1: Metric.l1.scores(comparison).hole, psnr: Metric.psnr.scores(comparison).hole)
  }

  /// The mean of several pictures' qualities: of the decibels, not of the differences.
  ///
  /// - Precondition: There is at least one.
  package static func mean(of qualities: [HoleQuality]) -> HoleQuality {
    precondition(!qualities.isEmpty, "HoleQuality.mean: there are no pictures")
    let count = Double(qualities.count)
    return HoleQuality(
      l1: qualities.reduce(0) { $0 + $1.l1 } / count, psnr: qualities.reduce(0) { $0 + $1.psnr } / count)
  }
}
