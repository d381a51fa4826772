import Foundation
import Testing

@testable import Support

@Suite struct RandomStreamTests {
  private func numbers(_ count: Int, _ stream: RandomStream) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  /// Computed apart from this code, from the published algorithms.
  @Test func `numbers never change from release to release`() {
    #expect(
      numbers(3, RandomStream(seed: 0, purpose: "")) == [
        0x0ae3_18d9_0cce_ed20, 0xd3aa_dc1f_98c5_c9ec, 0x491c_0ef7_6fde_2140,
      ])
    #expect(
      numbers(3, RandomStream(seed: 42, purpose: "holes", step: 7, sample: 3)) == [
        0xe697_e00f_cae8_4e62, 0x958d_be72_31de_c824, 0xaaca_4315_19af_bec2,
      ])
    var stream = RandomStream(seed: 1, purpose: "golden")
    #expect(stream.uniform() == 0.8691871397816062)
    #expect(stream.integer(in: 0..<1_000_000) == 940002)
    #expect(Swift.abs(stream.normal() - 0.38091129018236547) < 1e-12)
    #expect(stream.permutation(count: 8) == [4, 6, 5, 0, 2, 1, 7, 3])
  }

  @Test func `the same key gives the same stream`() {
    let key = { RandomStream(seed: 5, purpose: "crop", step: 2, sample: 1) }
    #expect(numbers(100, key()) == numbers(100, key()))
  }

  /// Every pair of neighboring keys, and keys whose parts change places, must have nothing in common.
  @Test func `different keys give unrelated streams`() {
    var streams: [RandomStream] = []
    for seed in [0, 1, 2, UInt64.max] {
      for purpose in ["", "a", "b", "ab", "ba", "holes"] {
        for step in [-1, 0, 1, 2] {
          for sample in 0..<3 { streams.append(RandomStream(seed: seed, purpose: purpose, step: step, sample: sample)) }
        }
      }
    }
    let firsts = streams.map { numbers(4, $0) }
    #expect(Set(firsts.flatMap { $0 }).count == streams.count * 4)
    // Bits of neighbors agree in half of the places: 64 · 4 · 287 of them, six standard deviations.
    var equalBits = 0
    for (left, right) in zip(firsts, firsts.dropFirst()) {
      for (a, b) in zip(left, right) { equalBits += 64 - (a ^ b).nonzeroBitCount }
    }
    let bits = Double(64 * 4 * (streams.count - 1))
    #expect(Swift.abs(Double(equalBits) - bits / 2) < 6 * (bits / 4).squareRoot())
  }

  @Test func `uniform numbers fill [0, 1) evenly`() {
    var stream = RandomStream(seed: 3, purpose: "uniform")
    var buckets = [Int](repeating: 0, count: 100)
    for _ in 0..<100_000 {
      let number = stream.uniform()
      #expect(number >= 0 && number < 1)
      buckets[min(99, Int(number * 100))] += 1
    }
    #expect(chiSquare(buckets) < 160)
  }

  @Test func `uniform numbers of a range stay inside`() {
    var stream = RandomStream(seed: 3, purpose: "range")
    let numbers = (0..<10_000).map { _ in stream.uniform(-3..<5) }
    #expect(numbers.allSatisfy { $0 >= -3 && $0 < 5 })
    #expect(numbers.min()! < -2.9 && numbers.max()! > 4.9)
    #expect(Swift.abs(numbers.reduce(0, +) / 10_000 - 1) < 0.15)
    #expect(stream.uniform(2..<2) == 2)
  }

  @Test(arguments: [0..<1, 0..<7, -5..<6, 1_000..<1_064])
  func `integers of a range are equally likely`(range: Range<Int>) {
    var stream = RandomStream(seed: 9, purpose: "integers")
    var counts = [Int](repeating: 0, count: range.count)
    for _ in 0..<20_000 {
      let number = stream.integer(in: range)
      #expect(range.contains(number))
      counts[number - range.lowerBound] += 1
    }
    #expect(counts.allSatisfy { $0 > 0 })
    // The mean of chi-square is its degrees of freedom, its variance twice as much.
    let freedom = Double(range.count - 1)
    #expect(chiSquare(counts) < freedom + 6 * (2 * freedom).squareRoot() + 1)
  }

  @Test func `a closed range contains both its ends`() {
    var stream = RandomStream(seed: 9, purpose: "closed")
    #expect(Set((0..<200).map { _ in stream.integer(in: 2...4) }) == [2, 3, 4])
    #expect(stream.integer(in: 6...6) == 6)
  }

  @Test func `large ranges reach both halves`() {
    var stream = RandomStream(seed: 9, purpose: "large")
    let numbers = (0..<200).map { _ in stream.integer(in: 0..<Int.max) }
    #expect(numbers.contains { $0 > Int.max / 4 * 3 } && numbers.contains { $0 < Int.max / 4 })
  }

  @Test func `normal numbers have the moments of the normal distribution`() {
    var stream = RandomStream(seed: 11, purpose: "normal")
    let count = 200_000
    let numbers = (0..<count).map { _ in stream.normal() }
    func moment(_ power: Double) -> Double { numbers.reduce(0) { $0 + pow($1, power) } / Double(count) }
    // Six standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    let error = 6 / Double(count).squareRoot()
    #expect(Swift.abs(moment(1)) < error)
    #expect(Swift.abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(Swift.abs(moment(3)) < error * 15.0.squareRoot())
    #expect(Swift.abs(moment(4) - 3) < error * 96.0.squareRoot())
    #expect(numbers.allSatisfy { $0.isFinite })
    let within = numbers.count { Swift.abs($0) < 1 }
    #expect(Swift.abs(Double(within) / Double(count) - 0.682_689_5) < 0.01)
  }

  @Test func `chance is true as often as it says`() {
    var stream = RandomStream(seed: 12, purpose: "chance")
    let hits = (0..<50_000).count { _ in stream.chance(0.3) }
    #expect(Swift.abs(Double(hits) / 50_000 - 0.3) < 0.013)
    #expect(!(0..<1_000).contains { _ in stream.chance(0) })
    #expect((0..<1_000).allSatisfy { _ in stream.chance(1) })
  }

  @Test func `a permutation has every number once`() {
    var stream = RandomStream(seed: 13, purpose: "permutation")
    for count in [0, 1, 2, 17, 1_000] { #expect(stream.permutation(count: count).sorted() == Array(0..<count)) }
  }

  @Test func `the six orders of three are equally likely`() {
    var stream = RandomStream(seed: 14, purpose: "orders")
    var counts = [Int](repeating: 0, count: 27)
    for _ in 0..<12_000 { counts[stream.permutation(count: 3).reduce(0) { $0 * 3 + $1 }] += 1 }
    let seen = counts.filter { $0 > 0 }
    #expect(seen.count == 6)
    #expect(chiSquare(seen) < 30)
  }

  /// Of counts that should be equal.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
  }
}
