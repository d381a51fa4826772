/// Eight neighbouring numbers, which a processor works on together.
typealias Lanes = SIMD8<Scalar>

extension UnsafePointer<Scalar> {
  /// The eight numbers from `offset` on.
  @inline(__always)
  func lanes(_ offset: Int) -> Lanes { UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self) }
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
}
