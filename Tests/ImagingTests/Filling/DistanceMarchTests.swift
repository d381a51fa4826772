import Testing

@testable import Imaging

@Suite struct DistanceMarchTests {
  @Test func `distances from a straight edge are counted in pixels`() {
    let hole = Hole(width: 9, height: 6) { _, y in y >= 2 }
    let march = DistanceMarch(from: hole, into: .hole, limit: .infinity)
    for y in 1..<6 { #expect(march.distances[y * 9 + 4] == Double(y - 1)) }
    #expect(march.distances[4] == .infinity)
    #expect(march.order.count == 36)
  }

  @Test func `distances from a point are nearly those of Euclid`() {
    let hole = Hole(width: 41, height: 41) { x, y in x != 20 || y != 20 }
    let march = DistanceMarch(from: hole, into: .hole, limit: .infinity)
    for (x, y) in [(30, 20), (27, 27), (3, 9), (40, 0)] {
      let exact = Double((x - 20) * (x - 20) + (y - 20) * (y - 20)).squareRoot()
      #expect(abs(march.distances[y * 41 + x] / exact - 1) < 0.12)
    }
    // The quadratic equation by hand: neighbors at 1 and 1, then at 1 + √½ and 2.
    let diagonal = 1 + 0.5.squareRoot()
    #expect(abs(march.distances[21 * 41 + 21] - diagonal) < 1e-12)
    let next = (diagonal + 2 + (2 - (2 - diagonal) * (2 - diagonal)).squareRoot()) / 2
    #expect(abs(march.distances[21 * 41 + 22] - next) < 1e-12)
  }

  @Test func `pixels come in the order of their distances`() {
    let march = DistanceMarch(from: HarmonicFillTests.hole, into: .hole, limit: .infinity)
    let distances = march.order.map { march.distances[$0] }
    #expect(distances == distances.sorted())
    #expect(Set(march.order).count == HarmonicFillTests.hole.missingCount)
    #expect(march.order.count == HarmonicFillTests.hole.missingCount)
  }

  @Test func `the march outwards ends at its limit`() {
    let hole = Hole(width: 30, height: 5) { x, _ in x == 0 }
    let march = DistanceMarch(from: hole, into: .known, limit: 4)
    #expect(march.distances[1] == 0)
    #expect(march.distances[5] == 4)
    #expect(march.distances[7] == .infinity)
  }
}
