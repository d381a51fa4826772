import Testing

@testable import Imaging
@testable import Support

struct PatchFieldTests {
  private let hole = Hole(width: 50, height: 40) { x, y in (20..<29).contains(x) && (15..<22).contains(y) }
  private var level: PatchLevel { PatchLevel(.noise(width: 50, height: 40, channels: 3), hole: hole) }

  @Test func `sources have no missing pixel, targets have one, and both lie within the picture`() {
    let level = level
    for center in 0..<50 * 40 {
      let (y, x) = center.quotientAndRemainder(dividingBy: 50)
      let isInside = (3..<47).contains(x) && (3..<37).contains(y)
      var hasMissing = false
      if isInside {
        for row in y - 3...y + 3 {
          for column in x - 3...x + 3 where hole.isMissing(x: column, y: row) { hasMissing = true }
        }
      }
      #expect((level.isSource[center] != 0) == (isInside && !hasMissing))
      #expect((level.targetIndices[center] >= 0) == (isInside && hasMissing))
    }
    #expect(level.targets.map { level.targetIndices[Int($0)] } == (0..<Int32(level.targets.count)).map { $0 })
  }

  @Test func `rounds never make a match worse, and costs are sums of squared differences`() {
    let level = level
    var field = PatchField(level, seed: 3, size: 0)
    var last: [Int32] = []
    for jump in [8, 4, 2, 1, 1] {
      field.search(level, jump: jump, threads: 2)
      if !last.isEmpty { #expect(zip(field.costs, last).allSatisfy { $0 <= $1 }) }
      last = field.costs
    }
    for (number, target) in level.targets.enumerated() {
      var sum: Int32 = 0
      for row in -3...3 {
        for column in -3...3 {
          for channel in 0..<3 {
            let first = level.pixels[(Int(target) + row * 50 + column) * 4 + channel]
            let second = level.pixels[(Int(field.matches[number]) + row * 50 + column) * 4 + channel]
            sum += (Int32(first) - Int32(second)) * (Int32(first) - Int32(second))
          }
        }
      }
      #expect(field.costs[number] == sum && level.isSource[Int(field.matches[number])] != 0)
    }
  }

  @Test func `the search finds most of what looking everywhere finds`() {
    let level = level
    var field = PatchField(level, seed: 3, size: 0)
    for _ in 0..<6 { for jump in [8, 4, 2, 1] { field.search(level, jump: jump, threads: 2) } }
    var (found, least) = (0.0, 0.0)
    for (number, target) in level.targets.enumerated() {
      least += Double(
        level.sources.map { source -> Int32 in
          var sum: Int32 = 0
          for row in -3...3 {
            let first = (Int(target) + row * 50 - 3) * 4
            let second = (Int(source) + row * 50 - 3) * 4
            for byte in 0..<28 {
              let difference = Int32(level.pixels[first + byte]) - Int32(level.pixels[second + byte])
              sum += difference * difference
            }
          }
          return sum
        }.min() ?? 0)
      found += Double(field.costs[number])
    }
    #expect(found < 1.1 * least)
  }

  @Test func `halving takes means of known pixels`() {
    let picture = Picture(width: 20, height: 20) { x, y, _ in x == 4 && y == 4 ? 200 : 10 * (x % 2) }
    let half = PatchLevel(picture, hole: Hole(width: 20, height: 20) { x, y in x == 4 && y == 4 || x > 17 && y > 17 })
      .halved()
    #expect(half.pixels[(2 * 10 + 2) * 4] == 7 && half.pixels[0] == 5)
    #expect(half.missing == [99])
  }
}
