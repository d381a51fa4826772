import Imaging
import InpaintingData
import Testing

@Suite struct ExampleTests {
  private let example = Example(
    picture: Picture(
      width: 3, height: 2, channels: 3, pixels: (0..<6).flatMap { [UInt8(10 * $0), UInt8(10 * $0 + 1), 9] }),
    hole: Hole(width: 3, height: 2, values: [1, 0, 0, 0, 0, 1]),
    conditions: Conditions([EdgeMap(width: 3, height: 2, values: [0, 1, 0, 1, 0, 0])]), name: "a")

  private func edges(_ example: Example) -> [UInt8]? { (example.conditions[.edges] as? EdgeMap)?.values }

  @Test func `a part has the same part of every raster`() {
    let part = example.cropped(to: PixelRectangle(x: 1, y: 0, width: 2, height: 2))
    #expect(part.picture.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [10, 20, 40, 50])
    #expect(part.hole.values == [0, 0, 0, 1])
    #expect(edges(part) == [1, 0, 0, 0])
    #expect(part.name == "a")
  }

  @Test func `padding reflects every raster alike`() {
    let padded = example.padded(toMultipleOf: 4)
    #expect((padded.picture.width, padded.picture.height) == (4, 4))
    #expect(
      padded.picture.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [
        0, 10, 20, 10, 30, 40, 50, 40, 0, 10, 20, 10, 30, 40, 50, 40,
      ])
    #expect(padded.hole.values == [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    #expect(edges(padded) == [0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0])
    #expect(padded.padded(toMultipleOf: 2) == padded)
  }

  @Test func `examples with other conditions differ`() {
    func other(_ conditions: Conditions) -> Example {
      Example(picture: example.picture, hole: example.hole, conditions: conditions, name: "a")
    }
    #expect(other(example.conditions) == example)
    #expect(other(Conditions()) != example)
    #expect(other(example.conditions.map { $0.flippedHorizontally() }) != example)
  }

  @Test func `rasters of other sizes, and a condition twice, are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = Example(
        picture: Picture(width: 3, height: 2, filledWith: [1, 2, 3]), hole: Hole(width: 2, height: 3), name: "")
    }
    await #expect(processExitsWith: .failure) {
      _ = Example(
        picture: Picture(width: 1, height: 1, filledWith: [1, 2, 3]), hole: Hole(width: 1, height: 1),
        conditions: Conditions([EdgeMap(width: 2, height: 1, values: [0, 0])]), name: "")
    }
    await #expect(processExitsWith: .failure) {
      let edges = EdgeMap(width: 2, height: 1, values: [0, 0])
      _ = Conditions([edges, edges])
    }
  }
}
