import Testing

@testable import Imaging
@testable import Support

struct SketchAugmentationTests {
  private static let untouched = SketchAugmentation(absent: 0, keep: 1...1, dilation: 0...0, shift: 0...0)

  private static let circle = EdgeMap(width: 120, height: 110) { x, y in
    abs((x - 60) * (x - 60) + (y - 55) * (y - 55) - 1600) < 40
  }

  /// 100 dots that are apart from each other.
  private static let dots = EdgeMap(width: 100, height: 100) { x, y in x % 10 == 5 && y % 10 == 5 }

  private func results(
    _ augmentation: SketchAugmentation, of edges: EdgeMap, count: Int
  ) -> [EdgeMap] {
    (0..<count).map { step in
      var stream = RandomStream(seed: 1, purpose: "sketches", step: step)
      return augmentation.applied(to: edges, using: &stream)
    }
  }

  @Test func `Nothing happens to lines if nothing may`() {
    #expect(results(Self.untouched, of: Self.circle, count: 3) == [EdgeMap](repeating: Self.circle, count: 3))
  }

  @Test func `The same stream gives the same lines, and another others`() {
    let (first, second) = (
      results(SketchAugmentation(), of: Self.circle, count: 12),
      results(SketchAugmentation(), of: Self.circle, count: 12)
    )
    #expect(first == second)
    #expect(Set(first.map(\.values)).count > 4)
  }

  @Test func `Two of five maps have no lines by default, all or none on demand`() {
    let count = results(SketchAugmentation(), of: Self.dots, count: 500).count { $0.count == 0 }
    #expect((160...240).contains(count))
    var augmentation = Self.untouched
    augmentation.absent = 1
    #expect(results(augmentation, of: Self.dots, count: 20).allSatisfy { $0.count == 0 })
  }

  @Test func `The share of components that stay differs from map to map, within the range`() {
    var augmentation = Self.untouched
    augmentation.keep = 0.3...1
    let counts = results(augmentation, of: Self.dots, count: 200).map(\.count)
    // The mean is 65; each component on its own would leave 50 to 80.
    #expect((600...700).contains(counts.reduce(0, +) * 10 / counts.count))
    #expect(counts.contains { $0 < 45 } && counts.contains { $0 > 90 } && counts.allSatisfy { $0 > 12 })
    augmentation.keep = 0...0
    #expect(results(augmentation, of: Self.dots, count: 5).allSatisfy { $0.count == 0 })
  }

  @Test func `Components are dilated by discs, each by its own radius`() {
    var augmentation = Self.untouched
    augmentation.dilation = 0...2
    for map in results(augmentation, of: Self.dots, count: 3) {
      let sizes = map.components.map(\.count)
      #expect(sizes.count == 100 && Set(sizes) == [1, 5, 13])
    }
    augmentation.dilation = 1...1
    #expect(results(augmentation, of: Self.circle, count: 1) == [Self.circle.dilated(by: 1)])
  }

  @Test func `Lines are moved by no more than the shift, and stay in one piece`() {
    var augmentation = Self.untouched
    augmentation.shift = 2...2
    let near = Self.circle.dilated(by: 2)
    let ends = Self.circle
    var moved = 0
    for map in results(augmentation, of: ends, count: 20) {
      #expect(map.components.count == 1)
      #expect(zip(map.values, near.values).allSatisfy { $0 <= $1 })
      // Every line is near what it was moved to.
      let reached = map.dilated(by: 2)
      #expect(zip(ends.values, reached.values).allSatisfy { $0 <= $1 })
      moved += zip(map.values, ends.values).count { $0 == 1 && $1 == 0 }
    }
    // About half of the 240 pixels: a stray that is seen.
    #expect(moved > 20 * 60)
  }

  @Test func `A straight line strays smoothly`() {
    var augmentation = Self.untouched
    augmentation.shift = 2...2
    let line = EdgeMap(width: 200, height: 9) { _, y in y == 4 }
    for map in results(augmentation, of: line, count: 10) {
      // The mean row of the line in each column changes by little from column to column.
      let rows = (3..<197).map { x in (0..<9).filter { map.values[$0 * 200 + x] == 1 } }
      #expect(rows.allSatisfy { !$0.isEmpty })
      let means = rows.map { Double($0.reduce(0, +)) / Double($0.count) }
      let steps = zip(means, means.dropFirst()).map { abs($0 - $1) }
      #expect(steps.max()! <= 2 && steps.count { $0 > 0.4 } < 60)
      #expect(Set(means).count > 1)
    }
  }

  @Test func `Lines along the borders lose what leaves the picture`() {
    let frame = EdgeMap(width: 30, height: 20) { x, y in x == 0 || y == 0 || x == 29 || y == 19 }
    let maps = results(SketchAugmentation(absent: 0), of: frame, count: 40)
    #expect(maps.contains { $0.count > frame.count } && maps.contains { $0.count > 0 && $0.count < frame.count })
  }

  @Test func `A map without lines stays so`() {
    let blank = EdgeMap(width: 4, height: 3) { _, _ in false }
    #expect(results(SketchAugmentation(absent: 0), of: blank, count: 2) == [blank, blank])
  }
}

struct SmoothDisplacementTests {
  @Test(arguments: 1...3)
  func `Pixels move by whole pixels, up to the reach, and neighbors almost alike`(reach: Int) {
    var stream = RandomStream(seed: 2, purpose: "displacements")
    let box = PixelRectangle(7, 3, 50, 33)
    let displacement = SmoothDisplacement(over: box, reach: reach, using: &stream)
    var farthest = 0
    var tears = 0
    for y in box.rows {
      for x in box.columns {
        let point = displacement.moved(x: x, y: y)
        let (across, down) = (point.x - x, point.y - y)
        #expect(across * across + down * down <= reach * reach)
        farthest = max(farthest, across * across + down * down)
        guard x + 1 < box.x + box.width else { continue }
        let next = displacement.moved(x: x + 1, y: y)
        tears += max(abs(next.x - point.x - 1), abs(next.y - point.y)) > 1 ? 1 : 0
      }
    }
    #expect(farthest > 0 && tears < 50 * 33 / 20)
  }

  @Test func `A box of one pixel has a displacement too`() {
    var stream = RandomStream(seed: 2, purpose: "displacements")
    let moved = (0..<50).map { _ in
      SmoothDisplacement(over: PixelRectangle(4, 4, 1, 1), reach: 2, using: &stream).moved(x: 4, y: 4)
    }
    #expect(moved.contains { $0.x != 4 } && moved.contains { $0.x == 4 && $0.y == 4 })
  }
}
