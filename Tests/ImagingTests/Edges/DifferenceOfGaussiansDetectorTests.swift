import Testing

@testable import Imaging

struct DifferenceOfGaussiansDetectorTests {
  @Test(arguments: EdgeReference.all)
  func `Ink is where the formula has it`(reference: EdgeReference) {
    let ink = DifferenceOfGaussiansDetector(tone: 1).edges(of: reference.picture)
    #expect(EdgeReference.differences(of: ink, from: reference.ink) == 0)
    let onWhite = DifferenceOfGaussiansDetector(epsilon: 0.5, tone: 0).edges(of: reference.picture)
    #expect(EdgeReference.differences(of: onWhite, from: reference.inkOnWhite) == 0)
  }

  @Test func `With tone, dark ground is ink; without, only the dark side of an edge is`() {
    let step = Picture(width: 30, height: 9) { x, _, _ in x < 15 ? 40 : 220 }
    let print = DifferenceOfGaussiansDetector(tone: 1).edges(of: step)
    #expect((0..<9).allSatisfy { y in (0..<15).allSatisfy { print.values[y * 30 + $0] == 1 } })
    #expect(print.values[29] == 0)
    let drawing = DifferenceOfGaussiansDetector(tone: 0).edges(of: step)
    #expect(drawing.values[14] == 1 && drawing.values[15] == 0 && drawing.values[0] == 0)
    #expect((18...45).contains(drawing.count))
  }
}
