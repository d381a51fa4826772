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
