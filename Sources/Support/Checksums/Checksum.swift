/// Sixty-four bits that change if any bit of a checkpoint's tensors does: a disk that lost a block is noticed.
///
/// Four interleaved chains of xor, multiply and rotate over 32-bit words: it finds accidents, not attacks.
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

  /// Sixteen hexadecimal digits.
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
