/// Eight neighboring numbers, which a processor works on together.
typealias Lanes = SIMD8<Scalar>

extension UnsafePointer<Scalar> {
  /// The eight numbers from `offset` on.
  @inline(__always)
  func lanes(_ offset: Int) -> Lanes { UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self) }

  /// As many of them as `count` says, and zeros.
  @inline(__always)
  func lanes(_ offset: Int, count: Int) -> Lanes {
    if count == Lanes.scalarCount { return lanes(offset) }
    var lanes = Lanes.zero
    for lane in 0..<count { lanes[lane] = self[offset + lane] }
    return lanes
  }
}

extension UnsafeMutablePointer<Scalar> {
  /// The eight numbers from `offset` on.
  @inline(__always)
  func lanes(_ offset: Int) -> Lanes { UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self) }

  /// Writes eight numbers from `offset` on.
  @inline(__always)
  func store(_ lanes: Lanes, _ offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: lanes, as: Lanes.self)
  }
  /// Writes the first `count` of eight numbers.
  @inline(__always)
  func store(_ lanes: Lanes, _ offset: Int, count: Int) {
    if count == Lanes.scalarCount { return store(lanes, offset) }
    for lane in 0..<count { self[offset + lane] = lanes[lane] }
  }
}

/// Calls `body` with the beginnings of eights that together cover 0..<total. If total is no multiple of eight the last
/// two overlap, and if it is less than eight there is one of so many.
@inline(__always)
func forEachEight(of total: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
  let count = min(total, Lanes.scalarCount)
  // One call of the body, or it would not be inlined.
  for first in stride(from: 0, to: total, by: Lanes.scalarCount) { body(min(first, total - count), count) }
}
