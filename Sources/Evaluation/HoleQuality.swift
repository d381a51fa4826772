import Foundation
import Tensors

/// How close a filling comes to the original inside the hole.
public struct HoleQuality: Equatable, Sendable {
  /// The mean absolute difference over the missing pixels and their channels; 0...1, where 1 is from black to white.
  public let l1: Double
  /// The peak signal-to-noise ratio over the missing pixels and their channels, in decibels: 10 log10(1 / mean squared
  /// difference), with differences as for `l1`. 100 at most, which a perfect filling gets.
  public let psnr: Double

  public init(l1: Double, psnr: Double) {
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
  public static func ofEach(filled: Tensor, original: Tensor, holes: Tensor) -> [HoleQuality] {
    precondition(
      filled.shape == original.shape, "HoleQuality: shapes \(filled.shape) and \(original.shape) differ")
    let difference = (clamp(filled, -1, 1) - original) * 0.5 * holes
    let missing = (holes * Tensor.ones([1, 1, 1, original.shape[3]])).sum(axes: [1, 2, 3]).elements
    let absolute = abs(difference).sum(axes: [1, 2, 3]).elements
    let squared = square(difference).sum(axes: [1, 2, 3]).elements
    return absolute.indices.map { index in
      let count = Double(missing[missing.count == 1 ? 0 : index])
      precondition(count > 0, "HoleQuality: the hole of picture \(index) is empty")
      let meanSquare = Double(squared[index]) / count
      return HoleQuality(l1: Double(absolute[index]) / count, psnr: min(100, -10 * log10(max(meanSquare, 1e-10))))
    }
  }

  /// The mean of several pictures' qualities: of the decibels, not of the differences.
  ///
  /// - Precondition: There is at least one.
  public static func mean(of qualities: [HoleQuality]) -> HoleQuality {
    precondition(!qualities.isEmpty, "HoleQuality.mean: there are no pictures")
    let count = Double(qualities.count)
    return HoleQuality(
      l1: qualities.reduce(0) { $0 + $1.l1 } / count, psnr: qualities.reduce(0) { $0 + $1.psnr } / count)
  }
}
