import Support

/// A nearest-neighbor field: for each target patch of a level the most similar source patch that PatchMatch has found
/// (Barnes et al., 2009).
///
/// Instead of sweeping over the picture, a round propagates from the field of the round before, so that all targets are
/// searched in parallel and the number of threads does not matter. Jumps over 8, 4, 2 and 1 pixels (Rong and Tan, 2006)
/// replace the long-range propagation of sweeps.
struct PatchField: Sendable {
  /// The center of the source of each target.
  private(set) var matches: [Int32]
  /// The sum of squared differences between the two patches, over the channels; `unknownCost` before the first round
  /// where the source is a random one.
  private(set) var costs: [Int32]

  /// The key of the random numbers: (seed, level).
  private let key: UInt64
  /// The number of rounds so far, a part of the key.
  private var round: UInt64 = 0

  /// The cost of a random match that was not compared yet.
  static let unknownCost = Int32.max

  /// The number of targets per task.
  private static let grain = 1024

  /// Random sources for all targets.
  ///
  /// - Precondition: The level has a source.
  init(_ level: PatchLevel, seed: UInt64, size: Int) {
    key = mixed(mixed(seed) ^ UInt64(size))
    let (key, count) = (key, UInt64(level.sources.count))
    matches = level.targets.map { target in
      level.sources[Int(mixed(key ^ UInt64(target)).multipliedFullWidth(by: count).high)]
    }
    costs = [Int32](repeating: Self.unknownCost, count: matches.count)
  }

  /// The upsampled matches of a field of half the size, and random ones where those are not sources in this level.
  init(_ level: PatchLevel, from coarser: PatchField, of coarse: PatchLevel, seed: UInt64, size: Int) {
    self.init(level, seed: seed, size: size)
    for (number, target) in level.targets.enumerated() {
      let (y, x) = Int(target).quotientAndRemainder(dividingBy: level.width)
      // Centers of patches lie further inside in the coarser level.
      let radius = PatchLevel.radius
      guard coarse.width > 2 * radius, coarse.height > 2 * radius else { continue }
      let column = min(max(x / 2, radius), coarse.width - radius - 1)
      let row = min(max(y / 2, radius), coarse.height - radius - 1)
      let near = coarse.targetIndices[row * coarse.width + column]
      guard near >= 0 else { continue }
      let (sourceRow, sourceColumn) = Int(coarser.matches[Int(near)]).quotientAndRemainder(dividingBy: coarse.width)
      let (sourceX, sourceY) = (2 * sourceColumn + x - 2 * column, 2 * sourceRow + y - 2 * row)
      guard sourceX >= 0, sourceY >= 0, sourceX < level.width, sourceY < level.height else { continue }
      let source = sourceY * level.width + sourceX
      guard level.isSource[source] != 0 else { continue }
      matches[number] = Int32(source)
      costs[number] = 0
    }
  }

  /// One round of the search for all targets.
  ///
  /// - Parameters:
  ///   - jump: The distance of the neighbors whose shifted matches are tried.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  ///   - isCancelled: Leaves matches as they are once it returns true.
  mutating func search(
    _ level: PatchLevel, jump: Int, threads: Int, isCancelled: @Sendable () -> Bool = { false }
  ) {
    round += 1
    let (matches, costs, roundKey) = (matches, costs, mixed(key ^ (round << 32)))
    let count = matches.count
    let chunks = concurrentMap(count: (count + Self.grain - 1) / Self.grain, threads: threads) { chunk in
      let range = chunk * Self.grain..<min(count, (chunk + 1) * Self.grain)
      guard !isCancelled() else { return (matches: Array(matches[range]), costs: Array(costs[range])) }
      return Self.searched(range, level, matches, jump: jump, key: roundKey)
    }
    self.matches = chunks.flatMap(\.matches)
    self.costs = chunks.flatMap(\.costs)
  }

  /// A round for some of the targets.
  private static func searched(
    _ range: Range<Int>, _ level: PatchLevel, _ old: [Int32], jump: Int, key: UInt64
  ) -> (matches: [Int32], costs: [Int32]) {
    let (width, height, radius) = (level.width, level.height, PatchLevel.radius)
    let rowBytes = width * PatchLevel.stride
    let corner = (radius * width + radius) * PatchLevel.stride
    var (matches, costs) = ([Int32](), [Int32]())
    matches.reserveCapacity(range.count)
    costs.reserveCapacity(range.count)
    level.pixels.withUnsafeBufferPointer { pixels in
      level.isSource.withUnsafeBufferPointer { isSource in
        old.withUnsafeBufferPointer { old in
          level.targetIndices.withUnsafeBufferPointer { numbers in
            for number in range {
              let target = Int(level.targets[number])
              let (y, x) = target.quotientAndRemainder(dividingBy: width)
              let patch = pixels.baseAddress! + target * PatchLevel.stride - corner
              var best = Int(old[number])
              var cost = distance(
                patch, pixels.baseAddress! + best * PatchLevel.stride - corner, rowBytes: rowBytes, limit: .max)
              func attempt(_ column: Int, _ row: Int) {
                guard column >= 0, row >= 0, column < width, row < height else { return }
                let source = row * width + column
                guard isSource[source] != 0, source != best else { return }
                let found = distance(
                  patch, pixels.baseAddress! + source * PatchLevel.stride - corner, rowBytes: rowBytes, limit: cost)
                if found < cost { (best, cost) = (source, found) }
              }
              for (dx, dy) in [(-jump, 0), (0, -jump), (jump, 0), (0, jump)] {
                guard x + dx >= 0, x + dx < width, y + dy >= 0, y + dy < height else { continue }
                let neighbor = numbers[(y + dy) * width + x + dx]
                guard neighbor >= 0 else { continue }
                let (row, column) = Int(old[Int(neighbor)]).quotientAndRemainder(dividingBy: width)
                attempt(column - dx, row - dy)
              }
              var reach = max(width, height) / 2
              var random = mixed(key ^ UInt64(target))
              while reach > 0 {
                let (row, column) = best.quotientAndRemainder(dividingBy: width)
                random = mixed(random)
                let across = Int((random >> 32) &* UInt64(2 * reach + 1) >> 32) - reach
                let down = Int((random & 0xffff_ffff) &* UInt64(2 * reach + 1) >> 32) - reach
                attempt(column + across, row + down)
                reach /= 2
              }
              matches.append(Int32(best))
              costs.append(cost)
            }
          }
        }
      }
    }
    return (matches, costs)
  }
}

/// The sum of squared differences of two patches, from their upper left corners; if it reaches `limit`, some number
/// from `limit` up.
@inline(__always)
private func distance(
  _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, rowBytes: Int, limit: Int32
) -> Int32 {
  var (first, second) = (first, second)
  var total: Int32 = 0
  for _ in 0..<PatchLevel.side {
    var sum: Int32 = 0
    for byte in 0..<PatchLevel.side &* PatchLevel.stride {
      let difference = Int32(truncatingIfNeeded: first[byte]) &- Int32(truncatingIfNeeded: second[byte])
      sum &+= difference &* difference
    }
    total &+= sum
    if total >= limit { return total }
    first += rowBytes
    second += rowBytes
  }
  return total
}

/// A bijection of 64-bit numbers without a pattern: splitmix64's (Steele, Lea and Flood, 2014).
@inline(__always)
private func mixed(_ number: UInt64) -> UInt64 {
  var mixed = number &+ 0x9e37_79b9_7f4a_7c15
  mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
  mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
  return mixed ^ (mixed >> 31)
}
