import Evaluation
import Tensors
import TestSupport
import Testing

@Suite struct HoleQualityTests {
  /// Two pictures of 1 x 2 pixels; only the second pixel of the first and the first of the second are missing.
  static let original = Tensor([0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0], shape: [2, 1, 2, 3])
  static let holes = Tensor([0, 1, 1, 0], shape: [2, 1, 2, 1])

  @Test func `only the missing pixels count`() {
    let filled = Tensor([9, 9, 9, 0.2, 0.2, 0.2, 0.5, 0.5, 0.5, -9, 9, 9], shape: [2, 1, 2, 3])
    let qualities = HoleQuality.ofEach(filled: filled, original: Self.original, holes: Self.holes)
    #expect(Swift.abs(qualities[0].l1 - 0.1) < 1e-6)
    #expect(Swift.abs(qualities[0].psnr - 20) < 1e-4)
    #expect(qualities[1].l1 == 0)
    #expect(qualities[1].psnr == 100)
  }

  @Test func `a shared hole counts for every picture`() {
    let hole = Tensor([0, 1], shape: [1, 1, 2, 1])
    let qualities = HoleQuality.ofEach(filled: Self.original + 0.2, original: Self.original, holes: hole)
    #expect(qualities.allSatisfy { Swift.abs($0.l1 - 0.1) < 1e-6 })
  }

  @Test func `values beyond the range of colours are cut off as in a file`() {
    let filled = Tensor(repeating: 5, shape: [2, 1, 2, 3])
    let qualities = HoleQuality.ofEach(filled: filled, original: Self.original, holes: Self.holes)
    #expect(qualities.map { ($0.l1 * 100).rounded() } == [50, 25])
  }

  @Test func `the mean is over decibels`() {
    let mean = HoleQuality.mean(of: [HoleQuality(l1: 0.1, psnr: 20), HoleQuality(l1: 0.3, psnr: 10)])
    #expect(mean.psnr == 15)
    #expect(Swift.abs(mean.l1 - 0.2) < 1e-12)
  }
}
