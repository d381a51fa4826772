import Imaging
import Support
import Testing

@testable import Evaluation

@Suite struct EdgeAgreementTests {
  private func edges(_ width: Int, _ height: Int, _ isEdge: (Int, Int) -> Bool) -> EdgeMap {
    EdgeMap(width: width, height: height, values: (0..<width * height).map { isEdge($0 % width, $0 / width) ? 1 : 0 })
  }

  private let everywhere = Hole(width: 20, height: 16) { _, _ in true }

  @Test func `A line two pixels away agrees, one three pixels away does not`() {
    let expected = edges(20, 16) { x, _ in x == 8 }
    for (column, score) in [(8, 1.0), (6, 1), (10, 1), (5, 0), (11, 0)] {
      let agreement = EdgeAgreement(found: edges(20, 16) { x, _ in x == column }, expected: expected, hole: everywhere)
      #expect(agreement.precision == score && agreement.recall == score && agreement.fScore == score)
    }
  }

  @Test func `The distance is Euclid's`() {
    let expected = edges(20, 16) { $0 == 8 && $1 == 8 }
    func score(_ x: Int, _ y: Int, tolerance: Double = 2) -> Double? {
      let found = edges(20, 16) { $0 == x && $1 == y }
      return EdgeAgreement(found: found, expected: expected, hole: everywhere, tolerance: tolerance).fScore
    }
    #expect(score(9, 9) == 1 && score(8, 10) == 1 && score(9, 10) == 0 && score(10, 10) == 0)
    #expect(score(9, 10, tolerance: 2.3) == 1 && score(8, 9, tolerance: 0) == 0 && score(8, 8, tolerance: 0) == 1)
  }

  @Test func `Precision counts what was found, recall what was expected`() throws {
    // Ten pixels were expected, of which five were found, among fifteen others.
    let expected = edges(20, 16) { x, y in y == 2 && x < 10 }
    let found = edges(20, 16) { x, y in y == 2 && x < 5 || y == 12 && x < 15 }
    let agreement = EdgeAgreement(found: found, expected: expected, hole: everywhere, tolerance: 0)
    #expect(agreement.precision == 0.25 && agreement.recall == 0.5)
    #expect(abs(try #require(agreement.fScore) - 1 / 3.0) < 1e-12)
  }

  @Test func `Only edges in the hole count, and those just outside agree with them`() {
    let hole = Hole(width: 20, height: 16) { x, y in x < 10 }
    let expected = edges(20, 16) { x, _ in x == 9 || x == 15 }
    #expect(EdgeAgreement(found: edges(20, 16) { x, _ in x == 9 }, expected: expected, hole: hole).fScore == 1)
    let beyond = EdgeAgreement(found: edges(20, 16) { x, _ in x == 11 }, expected: expected, hole: hole)
    #expect(beyond.recall == 1 && beyond.precision == nil && beyond.fScore == 0)
  }

  @Test func `Where nothing is expected there is no score, and where nothing was found it is 0`() {
    let (line, blank) = (edges(20, 16) { x, _ in x == 8 }, edges(20, 16) { _, _ in false })
    let aimless = EdgeAgreement(found: line, expected: blank, hole: everywhere)
    #expect(aimless.precision == nil && aimless.recall == nil && aimless.fScore == nil)
    let outside = EdgeAgreement(found: line, expected: line, hole: Hole(width: 20, height: 16) { x, _ in x > 12 })
    #expect(outside.fScore == nil)
    let missed = EdgeAgreement(found: blank, expected: line, hole: everywhere)
    #expect(missed.precision == nil && missed.recall == 0 && missed.fScore == 0)
  }
}
