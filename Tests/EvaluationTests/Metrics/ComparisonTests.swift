import Evaluation
import Imaging
import Tensors
import TestSupport
import Testing

@Suite struct HoleQualityTests {
  /// A picture of 1 x 2 pixels, of which the second is missing.
  static let original = Tensor([0, 0, 0, 0.5, 0.5, 0.5], shape: [1, 1, 2, 3])
  static let hole = Hole(width: 2, height: 1, values: [0, 1])

  @Test func `only the missing pixels count`() {
    let near = Tensor([9, 9, 9, 0.7, 0.7, 0.7], shape: [1, 1, 2, 3])
    let quality = HoleQuality(of: near, original: Self.original, hole: Self.hole)
    #expect(Swift.abs(quality.l1 - 0.1) < 1e-6)
    #expect(Swift.abs(quality.psnr - 20) < 1e-4)
    let same = Tensor([-9, 9, 9, 0.5, 0.5, 0.5], shape: [1, 1, 2, 3])
    #expect(HoleQuality(of: same, original: Self.original, hole: Self.hole) == HoleQuality(l1: 0, psnr: 100))
  }

  @Test func `values beyond the range of colors are cut off as in a file`() {
    let filled = Tensor(repeating: 5, shape: [1, 1, 2, 3])
    let first = HoleQuality(of: filled, original: Self.original, hole: Hole(width: 2, height: 1, values: [1, 0]))
    let second = HoleQuality(of: filled, original: Self.original, hole: Self.hole)
    #expect([first, second].map { ($0.l1 * 100).rounded() } == [50, 25])
  }

  @Test func `the mean is over decibels`() {
    let mean = HoleQuality.mean(of: [HoleQuality(l1: 0.1, psnr: 20), HoleQuality(l1: 0.3, psnr: 10)])
    #expect(mean.psnr == 15)
    #expect(Swift.abs(mean.l1 - 0.2) < 1e-12)
  }
}
