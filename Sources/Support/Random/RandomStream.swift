import Foundation

/// A stream of random numbers that is a pure function of its key: (seed, purpose, step, sample).
///
/// Each use of random numbers has a stream of its own, so that nothing depends on the number of threads, workers or
/// processes, or on their order. The generator is xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64;
/// integers and reals are derived here rather than by the standard library, whose methods may change from release to
/// release.
package struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// - Parameters:
  ///   - purpose: The purpose of the numbers, such as `"holes"`; different purposes give independent streams.
  ///   - step: A training step, a picture's index, or any other counter.
  ///   - sample: The position within the step.
  package init(seed: UInt64, purpose: String, step: Int = 0, sample: Int = 0) {
    var key = SplitMix(state: seed)
    // FNV-1a over the bytes of the name: Swift's own hashes change from run to run.
    var name: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { name = (name ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for part in [name, UInt64(bitPattern: Int64(step)), UInt64(bitPattern: Int64(sample))] {
      key.state = key.next() ^ part
    }
    state = (key.next(), key.next(), key.next(), key.next())
  }

  package mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A real number in [0, 1), with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A real number in [lower, upper).
  package mutating func uniform(_ range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer of the range, each equally likely to within 2^-64 times the range's size.
  package mutating func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "RandomStream.integer: the range \(range) is empty")
    let high = next().multipliedFullWidth(by: UInt64(range.count)).high
    return range.lowerBound + Int(high)
  }

  /// An integer of the range, both ends included.
  package mutating func integer(in range: ClosedRange<Int>) -> Int {
    integer(in: range.lowerBound..<range.upperBound + 1)
  }

  /// True with the probability given.
  package mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// A sample of the normal distribution with mean 0 and variance 1 (Box and Muller, 1958; the second number of each
  /// pair is discarded, so that the state is a function of the number of calls).
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// The numbers 0..<count in random order (Fisher and Yates).
  package mutating func permutation(count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(in: 0...last))
    }
    return order
  }
}

/// splitmix64 (Steele, Lea and Flood, 2014): expands a key into a whole state.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
