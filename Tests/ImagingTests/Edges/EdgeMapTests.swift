import Testing

@testable import Imaging
@testable import Support

struct EdgeMapTests {
  @Test func `A dilation is a disc around each edge, cut off at the borders`() {
    let dot = EdgeMap(width: 7, height: 6) { $0 == 2 && $1 == 3 }
    #expect(dot.dilated(by: 0) == dot && dot.dilated(by: 0.9) == dot)
    #expect(
      dot.dilated(by: 2)
        == .edges(
          ".......",
          "..#....",
          ".###...",
          "#####..",
          ".###...",
          "..#...."))
    #expect(EdgeMap.edges("#..").dilated(by: 1) == .edges("##."))
    #expect(dot.dilated(by: 100).count == 42)
  }

  @Test func `Dilations are what the distances to every edge say`() {
    var random = RandomStream(seed: 5, purpose: "edges")
    for radius in [1, 1.5, 2.3, 3] {
      let edges = EdgeMap(width: 17, height: 13) { _, _ in random.chance(0.05) }
      let places = edges.values.indices.filter { edges.values[$0] != 0 }
      let near = EdgeMap(width: 17, height: 13) { x, y in
        places.contains { place in
          let (across, down) = (Double(place % 17 - x), Double(place / 17 - y))
          return (across * across + down * down).squareRoot() <= radius
        }
      }
      #expect(edges.dilated(by: radius) == near)
    }
  }

  @Test func `Components hang together, also by corners, and come in a reader's order`() {
    let edges = EdgeMap.edges(
      ".#..#",
      "#...#",
      "...#.",
      ".....",
      "#.#..")
    #expect(edges.components.map { $0.sorted() } == [[1, 5], [4, 9, 13], [20], [22]])
    #expect(EdgeMap.edges("...", "...").components.isEmpty)
  }

  @Test func `Every edge is in one component, and components are those of holes`() {
    var random = RandomStream(seed: 6, purpose: "edges")
    for _ in 0..<50 {
      let edges = EdgeMap(width: 11, height: 9) { _, _ in random.chance(0.3) }
      let components = edges.components
      #expect(components.joined().sorted() == edges.values.indices.filter { edges.values[$0] != 0 })
      let boxes = components.map { pixels in
        pixels.map { PixelRectangle($0 % 11, $0 / 11, 1, 1) }.reduce(
          PixelRectangle(pixels.first! % 11, pixels.first! / 11, 1, 1)
        ) {
          $0.union($1)
        }
      }
      #expect(boxes == HoleComponents(of: Hole(width: 11, height: 9, values: edges.values)).boxes)
    }
  }
}
