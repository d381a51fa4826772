import Testing

@testable import Imaging
@testable import Support

struct PatchFillTests {
  private func error(_ filled: Picture, _ original: Picture, _ hole: Hole) -> Double {
    var (sum, count) = (0.0, 0.0)
    for value in filled.pixels.indices where hole.values[value / 3] != 0 {
      sum += abs(Double(filled.pixels[value]) - Double(original.pixels[value]))
      count += 1
    }
    return sum / count
  }

  @Test func `a texture that repeats is continued where a membrane blurs it`() throws {
    // Bricks of 12 x 8 pixels, every other row shifted.
    let picture = Picture(width: 96, height: 96) { x, y, channel in
      let shifted = x + (y / 8 % 2) * 6
      return y % 8 == 0 || shifted % 12 == 0 ? 210 : 60 + 20 * channel + (shifted % 12) * 3
    }
    let hole = Hole(width: 96, height: 96) { x, y in (36..<60).contains(x) && (34..<62).contains(y) }
    let filled = try #require(PatchFill.fill(picture, hole: hole, seed: 0, threads: 2))
    let membrane = HarmonicFill.fill(PictureValues(picture), hole: hole).picture
    #expect(error(filled, picture, hole) < 0.25 * error(membrane, picture, hole))
  }

  @Test func `it is a function of the seed and of nothing else`() throws {
    let picture = Picture.noise(width: 60, height: 50, channels: 3)
    let hole = Hole(width: 60, height: 50) { x, y in (20..<40).contains(x) && (15..<33).contains(y) }
    func fill(_ seed: UInt64, _ threads: Int) -> Picture? {
      PatchFill.fill(picture, hole: hole, seed: seed, threads: threads)
    }
    let first = try #require(fill(1, 1))
    for threads in [1, 2, 7] { #expect(fill(1, threads) == first) }
    #expect(fill(2, 1) != first)
  }

  @Test func `without a known patch there is nothing to fill with`() {
    let hole = Hole(width: 20, height: 20) { x, y in x % 5 == 0 }
    #expect(PatchFill.fill(.noise(width: 20, height: 20, channels: 3), hole: hole, seed: 0, threads: 1) == nil)
    let small = Hole(width: 6, height: 20) { x, y in y == 9 }
    #expect(PatchFill.fill(.noise(width: 6, height: 20, channels: 3), hole: small, seed: 0, threads: 1) == nil)
  }
}
