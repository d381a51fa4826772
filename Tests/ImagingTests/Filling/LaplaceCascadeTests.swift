import Testing

@testable import Imaging

struct LaplaceCascadeTests {
  private let hole = Hole(width: 121, height: 95) { x, y in
    (x - 60) * (x - 60) + (y - 45) * (y - 45) < 1500 || x < 9 && y > 50 || (x + 2 * y) % 31 == 0
  }

  private func known(_ pixel: Int) -> Double { Double((pixel * 37) % 101) / 100 }

  @Test func `its solution is that of the equations`() {
    let cascade = LaplaceCascade(hole)
    let exact = LaplaceEquations(hole).solution(tolerance: 1e-10, known: known)
    let found = cascade.solution(tolerance: 1e-8, known: known)
    #expect(cascade.pixels == LaplaceEquations(hole).pixels)
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func `its solution of screened equations is theirs too`() {
    let screening = 1.0 / 144
    let cascade = LaplaceCascade(hole, screening: screening)
    let count = cascade.pixels.count
    let exact = LaplaceEquations(hole, screening: screening).solution(
      tolerance: 1e-10, source: [Double](repeating: 0.7 * screening, count: count), known: known)
    let found = cascade.solution(tolerance: 1e-8, ends: [Double](repeating: 0.7, count: count), known: known)
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func `a pixel of half the size is missing if all that it covers is`() {
    let half = Hole.hole("##.#.", "##..#", "#..##").halved()
    #expect(half.values == [1, 0, 0, 0, 0, 1])
  }

  @Test func `screened equations decay by e in the decay length`() {
    let hole = Hole(width: 1, height: 400) { _, y in y > 0 }
    let equations = LaplaceEquations(hole, screening: 1.0 / 400)
    let solution = equations.solution(tolerance: 1e-12) { _ in 1 }
    #expect(abs(solution[99] / solution[79] - 0.3679) < 1e-3)
    // With a source, towards its value in place of 0.
    let raised = equations.solution(
      tolerance: 1e-12, source: [Double](repeating: 3.0 / 400, count: 399), known: { _ in 1 })
    #expect(zip(raised, solution).allSatisfy { abs($0 - (3 - 2 * $1)) < 1e-6 })
  }
}

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
