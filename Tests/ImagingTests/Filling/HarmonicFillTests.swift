import Testing

@testable import Imaging

@Suite struct HarmonicFillTests {
  /// A ragged hole that touches two edges of the picture.
  static let hole = Hole(width: 45, height: 37) { x, y in
    (x - 20) * (x - 20) + (y - 18) * (y - 18) < 200 || y < 9 && x > 30 || (x * 5 + y * 3) % 17 == 0
  }

  static let picture = PictureValues(.noise(width: 45, height: 37, channels: 3))

  @Test func `every missing pixel is the mean of its neighbors within the picture`() {
    let filled = HarmonicFill.fill(Self.picture, hole: Self.hole)
    var worst = 0.0
    for y in 0..<37 {
      for x in 0..<45 where Self.hole.isMissing(x: x, y: y) {
        let near = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)].filter {
          (0..<45).contains($0.0) && (0..<37).contains($0.1)
        }
        for channel in 0..<3 {
          func value(_ x: Int, _ y: Int) -> Double { filled.values[(y * 45 + x) * 3 + channel] }
          let mean = near.reduce(0) { $0 + value($1.0, $1.1) } / Double(near.count)
          worst = max(worst, abs(value(x, y) - mean))
        }
      }
    }
    #expect(worst <= HarmonicFill.tolerance)
  }

  @Test func `known pixels stay as they are, bit for bit`() {
    let filled = HarmonicFill.fill(Self.picture, hole: Self.hole)
    for index in filled.values.indices where Self.hole.values[index / 3] == 0 {
      #expect(filled.values[index] == Self.picture.values[index])
    }
  }

  @Test func `a ramp is continued exactly`() {
    let ramp = PictureValues(width: 30, height: 20) { x, y in 0.1 + 0.02 * Double(x) + 0.01 * Double(y) }
    let hole = Hole(width: 30, height: 20) { x, y in (5..<25).contains(x) && (4..<16).contains(y) }
    var damaged = ramp
    for index in damaged.values.indices where hole.values[index] != 0 { damaged.values[index] = 0.9 }
    let filled = HarmonicFill.fill(damaged, hole: hole)
    #expect(zip(filled.values, ramp.values).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `a large hole from which only a corner is known is filled with its color`() {
    let picture = PictureValues(width: 200, height: 150) { _, _ in 0.7 }
    let hole = Hole(width: 200, height: 150) { x, y in x + y > 0 }
    let filled = HarmonicFill.fill(picture, hole: hole)
    #expect(filled.values.allSatisfy { abs($0 - 0.7) < 1e-3 })
  }

  @Test func `a picture of which nothing is known becomes mid-gray`() {
    let hole = Hole(width: 4, height: 3) { _, _ in true }
    let filled = HarmonicFill.fill(PictureValues(width: 4, height: 3) { _, _ in 1 }, hole: hole)
    #expect(filled.values.allSatisfy { $0 == 0.5 })
  }
}
