import Testing

@testable import Imaging
@testable import Support

@Suite struct FastMarchingFillTests {
  @Test func `known pixels stay as they are, and all missing ones are filled from them alone`() {
    let (picture, hole) = (HarmonicFillTests.picture, HarmonicFillTests.hole)
    var other = picture
    for index in other.values.indices where hole.values[index / 3] != 0 { other.values[index] = .nan }
    let filled = FastMarchingFill.fill(picture, hole: hole)
    #expect(FastMarchingFill.fill(other, hole: hole) == filled)
    for index in filled.values.indices where hole.values[index / 3] == 0 {
      #expect(filled.values[index] == picture.values[index])
    }
  }

  @Test func `filled pixels lie between the known ones`() {
    let picture = PictureValues(width: 60, height: 50) { x, y in 0.3 + 0.001 * Double((x * 37 + y * 91) % 400) }
    let hole = Hole(width: 60, height: 50) { x, y in (5..<55).contains(x) && (5..<50).contains(y) }
    let filled = FastMarchingFill.fill(picture, hole: hole).values
    #expect(filled.allSatisfy { $0 > 0.3 - 1e-12 && $0 < 0.7 })
  }

  @Test func `a pixel that is missing alone is the mean of those around it, by their distances`() {
    let picture = PictureValues(width: 3, height: 3) { x, y in x == 1 && y == 1 ? 1 : Double(y * 3 + x) / 10 }
    let filled = FastMarchingFill.fill(picture, hole: Hole(width: 3, height: 3) { x, y in x == 1 && y == 1 })
    // The eight values lie symmetrically around 0.4.
    #expect(abs(filled.values[4] - 0.4) < 1e-12)
  }

  @Test func `near pixels count more than distant ones`() {
    // A hole in a column one pixel wide, nearer to the dark end.
    let picture = PictureValues(width: 1, height: 9) { _, y in y < 3 ? 0 : 1 }
    let filled = FastMarchingFill.fill(picture, hole: Hole(width: 1, height: 9) { _, y in (3..<6).contains(y) })
    #expect(filled.values[3] < 0.25 && filled.values[5] > 0.6)
    #expect(filled.values[3] < filled.values[4] && filled.values[4] < filled.values[5])
  }

  @Test func `an edge runs on into the hole where a harmonic filling blurs it`() {
    // Dark left of column 20, light right of it, and a hole across.
    let picture = PictureValues(width: 40, height: 40) { x, _ in x < 20 ? 0.2 : 0.8 }
    let hole = Hole(width: 40, height: 40) { x, y in (12..<28).contains(x) && (16..<24).contains(y) }
    func error(_ filled: PictureValues) -> Double {
      zip(filled.values, picture.values).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let marched = FastMarchingFill.fill(picture, hole: hole)
    #expect(error(marched) < 0.85 * error(HarmonicFill.fill(picture, hole: hole)))
  }

  @Test func `a picture of which nothing is known becomes mid-gray`() {
    let hole = Hole(width: 4, height: 3) { _, _ in true }
    let filled = FastMarchingFill.fill(PictureValues(width: 4, height: 3) { _, _ in 1 }, hole: hole)
    #expect(filled.values.allSatisfy { $0 == 0.5 })
  }
}

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

@Suite struct MinimumHeapTests {
  @Test func `items come out by distance, then by number`() {
    var stream = RandomStream(seed: 1, purpose: "heap")
    var heap = MinimumHeap()
    let items = (0..<500).map { (pixel: $0, distance: Double(stream.integer(in: 0..<40))) }
    for index in stream.permutation(count: 500) { heap.insert(items[index].pixel, at: items[index].distance) }
    let sorted = items.sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.pixel < $1.pixel }
    for item in sorted {
      let first = heap.removeFirst()
      #expect(first?.pixel == item.pixel && first?.distance == item.distance)
    }
    #expect(heap.removeFirst()?.pixel == nil)
  }
}
