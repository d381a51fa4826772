import Testing

@testable import Imaging
@testable import Support

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
