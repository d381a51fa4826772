import Support
import Testing

@testable import Imaging

struct PatchDetailTests {
  /// Gray with noise as grain, and a box in it that was filled without.
  private let hole = Hole(width: 64, height: 64) { x, y in (20..<44).contains(x) && (20..<44).contains(y) }
  private let grainy: Picture
  private let smooth: Picture

  init() {
    var stream = RandomStream(seed: 4, purpose: "grain")
    let pixels = (0..<64 * 64 * 3).map { _ in UInt8(128 + stream.integer(in: -30...30)) }
    grainy = Picture(width: 64, height: 64, channels: 3, pixels: pixels)
    smooth = grainy.withMissingPixels(of: hole, filledWith: 100)
  }

  /// The mean and the mean absolute deviation from it of the pixels in the hole.
  private func statistics(_ picture: Picture) -> (mean: Double, deviation: Double) {
    let levels = hole.values.indices.filter { hole.values[$0] == 1 }.map { Double(picture.pixels[3 * $0]) }
    let mean = levels.reduce(0, +) / Double(levels.count)
    return (mean, levels.reduce(0) { $0 + abs($1 - mean) } / Double(levels.count))
  }

  @Test func `grain comes from the patches, and colors from the filling`() {
    let half = PatchDetail(strength: 0.5).added(to: smooth, of: grainy, hole: hole, threads: 2)
    let full = PatchDetail(strength: 1).added(to: smooth, of: grainy, hole: hole, threads: 1)
    let (some, more) = (statistics(half), statistics(full))
    #expect(abs(some.mean - 100) < 3 && abs(more.mean - 100) < 3)
    #expect(some.deviation > 3 && more.deviation > 1.8 * some.deviation)
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      #expect(half.pixels[3 * pixel] == smooth.pixels[3 * pixel])
    }
    // What a network saw smaller lacks coarser detail too.
    let coarse = statistics(PatchDetail(strength: 1, scale: 4).added(to: smooth, of: grainy, hole: hole, threads: 1))
    #expect(coarse.deviation > more.deviation)
  }

  @Test func `without strength, without a hole and without anything known nothing changes`() {
    #expect(PatchDetail(strength: 0).added(to: smooth, of: grainy, hole: hole, threads: 1) == smooth)
    let none = Hole(width: 64, height: 64)
    #expect(PatchDetail(strength: 1).added(to: smooth, of: grainy, hole: none, threads: 1) == smooth)
    let everything = Hole(width: 64, height: 64) { _, _ in true }
    #expect(PatchDetail(strength: 1).added(to: smooth, of: grainy, hole: everything, threads: 1) == smooth)
  }

  @Test func `what is in the hole plays no part, nor the number of threads`() {
    let other = grainy.withMissingPixels(of: hole, filledWith: 7)
    let first = PatchDetail(strength: 1).added(to: smooth, of: grainy, hole: hole, threads: 1)
    #expect(PatchDetail(strength: 1).added(to: smooth, of: other, hole: hole, threads: 3) == first)
  }
}
