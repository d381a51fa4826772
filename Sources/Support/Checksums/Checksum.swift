import Foundation

/// A 64-bit checksum of a checkpoint's tensors, which detects blocks that a disk has lost or corrupted.
///
/// Four interleaved lanes of xor, multiply and rotate over 32-bit words. It detects accidents, not attacks.
package struct Checksum {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)

  package init() {}

  /// Adds the bytes of numbers of 4 or 8 bytes each.
  package mutating func add<Number: BitwiseCopyable>(_ values: UnsafeBufferPointer<Number>) {
    let words = UnsafeRawBufferPointer(values).bindMemory(to: UInt32.self)
    let whole = words.count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
      lanes.0 = Self.mix(lanes.0, words[index])
      lanes.1 = Self.mix(lanes.1, words[index + 1])
      lanes.2 = Self.mix(lanes.2, words[index + 2])
      lanes.3 = Self.mix(lanes.3, words[index + 3])
    }
    for index in whole..<words.count { lanes.0 = Self.mix(lanes.0, words[index]) }
  }

  /// The checksum as 16 hexadecimal digits.
  package var text: String {
    let parts = [lanes.0, lanes.1, lanes.2, lanes.3]
    let all = parts.reduce(UInt64(0)) { ($0 ^ $1) &* 0x9e37_79b9_7f4a_7c15 ^ ($0 >> 31) }
    let digits = String(all, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @inline(__always)
  private static func mix(_ state: UInt64, _ word: UInt32) -> UInt64 {
    let product = (state ^ UInt64(word)) &* 0xff51_afd7_ed55_8ccd
    return (product << 29) | (product >> 35)
  }
}

/// CRC-32C, the checksum of TensorBoard's event files: the cyclic redundancy check with Castagnoli's polynomial (RFC
/// 3720, appendix B.4).
package enum CRC32C {
  /// The CRC of each single byte; 0x82F63B78 is the bit-reversed polynomial.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
    }
  }

  /// The CRC of the bytes. The initial value and the final XOR are both 0xFFFFFFFF.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { remainder, byte in
      remainder >> 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
    }
  }

  /// The masked CRC of TFRecord files: rotated and offset, because a CRC of data that contains CRCs is weak.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let checksum = checksum(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// The SHA-256 hash (FIPS 180-4), by which reports identify pictures and holes. Digits are those of `sha256sum`.
package struct SHA256 {
  /// The eight words of the hash state.
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes after the last whole block.
  private var pending: [UInt8] = []
  /// The number of bytes so far.
  private var length: UInt64 = 0

  package init() {}

  /// Appends bytes.
  package mutating func add(_ bytes: [UInt8]) {
    length &+= UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      start = min(64 - pending.count, bytes.count)
      pending += bytes[..<start]
      guard pending.count == 64 else { return }
      pending.withUnsafeBufferPointer { mix($0.baseAddress!) }
      pending.removeAll(keepingCapacity: true)
    }
    bytes.withUnsafeBufferPointer { bytes in
      while bytes.count - start >= 64 {
        mix(bytes.baseAddress! + start)
        start += 64
      }
    }
    pending += bytes[start...]
  }

  /// Appends a text in UTF-8 and a zero byte, so that ("ab", "c") and ("a", "bc") have different hashes.
  package mutating func add(_ text: String) { add(Array(text.utf8) + [0]) }

  /// The hash of all that was added: 64 hexadecimal digits.
  package var text: String {
    var last = self
    let padding = (pending.count < 56 ? 56 : 120) - pending.count
    let bits = (length &* 8).bigEndian
    last.add([0x80] + [UInt8](repeating: 0, count: padding - 1) + withUnsafeBytes(of: bits) { Array($0) })
    return last.state.map { String(format: "%08x", $0) }.joined()
  }

  /// Mixes one block of 64 bytes into the state.
  private mutating func mix(_ block: UnsafePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for index in 0..<16 {
        let byte = block + 4 * index
        words[index] = UInt32(byte[0]) << 24 | UInt32(byte[1]) << 16 | UInt32(byte[2]) << 8 | UInt32(byte[3])
      }
      for index in 16..<64 {
        let (near, far) = (words[index - 2], words[index - 15])
        let nearMix = Self.rotated(near, 17) ^ Self.rotated(near, 19) ^ (near >> 10)
        let farMix = Self.rotated(far, 7) ^ Self.rotated(far, 18) ^ (far >> 3)
        words[index] = words[index - 16] &+ farMix &+ words[index - 7] &+ nearMix
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for round in 0..<64 {
        let high = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
        let choice = (e & f) ^ (~e & g)
        let first = h &+ high &+ choice &+ Self.constants[round] &+ words[round]
        let low = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ low &+ majority)
      }
      for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { (word >> count) | (word << (32 - count)) }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes, computed in integer arithmetic.
  private static let constants: [UInt32] = {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in
      // The largest root with root³ ≤ prime · 2⁹⁶, bit by bit; its lowest 32 bits are the fraction's.
      var root: UInt64 = 0
      for bit in stride(from: 35, through: 0, by: -1) {
        let trial = UInt128(root | 1 << UInt64(bit))
        if trial * trial * trial <= UInt128(prime) << 96 { root = UInt64(trial) }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }()
}
