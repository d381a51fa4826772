import Testing

@testable import Imaging

struct BoundaryBandTests {
  @Test func `the domain is two pixels wider than the hole, and less where known pixels are few`() {
    let collar = BoundaryBand(.hole("..........", "......#...", "..........", "..........", "..........", "#........."))
    let missing = (0..<6).map { y in String((0..<10).map { collar.domain.values[y * 10 + $0] == 1 ? "#" : "." }) }
    #expect(
      missing == [
        ".....###..", "....#####.", ".....###..", "#.....#...", "##........", "###.......",
      ])
    #expect(BoundaryBand(.hole("#.##...#")).domain.values == [1, 0, 1, 1, 1, 0, 1, 1])
  }

  @Test func `differences are means along the normal, symmetric around the rim`() {
    let hole = Hole(width: 20, height: 9) { x, _ in x < 4 }
    let values = BoundaryBand(hole).rimValues { Double($0 % 20) * 2 + ($0 % 2 == 0 ? 1 : -1) }
    // The rim is the column of x = 6; of the pixels 4 to 8 there is one more even than odd one.
    for y in 2..<7 { #expect(abs(values[y * 20 + 6] - 12.2) < 1e-12) }
    #expect(values[4 * 20 + 7] == 0 && values[4 * 20 + 5] == 0)
  }

  @Test func `parts that do not touch have their own means`() {
    let hole = Hole(width: 40, height: 9) { x, y in y == 4 && (x == 8 || x == 30) }
    let collar = BoundaryBand(hole)
    let pixels = collar.domain.values.indices.filter { collar.domain.values[$0] != 0 }
    let components = collar.components(ofPixels: pixels)
    #expect(Set(components.numbers) == [0, 1])
    let means = components.means(of: collar.rimValues { $0 % 40 < 20 ? 5 : -7 })
    #expect(means == [5, -7])
  }
}
