import Imaging
import Tensors

/// How close a filling comes to the original inside the hole, of pictures that are still tensors: for validation while a
/// network trains. The metrics are those of reports, without the rounding to 8 bits.
package struct HoleQuality: Equatable, Sendable {
  /// `Metric.l1` of the missing pixels, 0...1.
  package let l1: Double
  /// `Metric.psnr` of the missing pixels, in decibels.
  package let psnr: Double

  package init(l1: Double, psnr: Double) {
    self.l1 = l1
    self.psnr = psnr
  }

  /// The quality of each picture of a batch.
  ///
  /// - Parameters:
  ///   - filled, original: [batch, height, width, channels] in −1...1; what lies outside that range is cut off first, as
  ///     it would be in a file.
  ///   - holes: [batch or 1, height, width, 1], 1 where pixels are missing.
  /// - Precondition: No hole is empty.
  package static func ofEach(filled: Tensor, original: Tensor, holes: Tensor) -> [HoleQuality] {
    precondition(
      filled.shape == original.shape, "HoleQuality: shapes \(filled.shape) and \(original.shape) differ")
    return (0..<original.shape[0]).map { index in
      let comparison = Comparison(
        filled: PictureValues(filled, at: index), original: PictureValues(original, at: index),
        hole: HoleRaster(holes, at: holes.shape[0] == 1 ? 0 : index))
      return HoleQuality(l1: Metric.l1.scores(comparison).hole, psnr: Metric.psnr.scores(comparison).hole)
    }
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

extension HoleRaster {
  /// One hole of a batch, [batch, height, width, 1].
  fileprivate init(_ holes: Tensor, at index: Int) {
    let levels = PictureValues(holes * 2 - 1, at: index)
    self.init(levels.picture)
  }
}
