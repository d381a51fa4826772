// The one-dimensional transforms of Winograd's minimal filtering F(4, 3): four outputs of a filter with three taps from
// six inputs and six multiplications (Lavin and Gray, 2016, section 4.3; points 0, ±1, ±2 and infinity). In two
// dimensions each is applied to columns and to rows, to eight channels at a time.

typealias FourLanes = (Lanes, Lanes, Lanes, Lanes)
typealias SixLanes = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

enum WinogradTransforms {
  /// Six inputs to six values: Bᵀ x.
  @inline(__always)
  static func input(_ x: SixLanes) -> SixLanes {
    let (a, b, d) = (x.4.addingProduct(-4, x.2), x.3.addingProduct(-4, x.1), x.4 - x.2)
    let e = 2 * (x.3 - x.1)
    return (
      x.4.addingProduct(-5, x.2).addingProduct(4, x.0), a + b, a - b, d + e, d - e,
      x.5.addingProduct(-5, x.3).addingProduct(4, x.1)
    )
  }

  /// Six products to four outputs: Aᵀ m.
  @inline(__always)
  static func output(_ m: SixLanes) -> FourLanes {
    let (a, b) = (m.1 + m.2, m.1 - m.2)
    let (d, e) = (m.3 + m.4, m.3 - m.4)
    return (m.0 + a + d, b.addingProduct(2, e), a.addingProduct(4, d), (b + m.5).addingProduct(8, e))
  }

  /// Four cotangents of outputs to six of products: A y.
  @inline(__always)
  static func outputAdjoint(_ y: FourLanes) -> SixLanes {
    let (a, b) = (y.0 + y.2, y.1 + y.3)
    let (d, e) = (y.0.addingProduct(4, y.2), (2 * y.1).addingProduct(8, y.3))
    return (y.0, a + b, a - b, d + e, d - e, y.3)
  }

  /// Three taps to six values: G w.
  @inline(__always)
  static func filter(_ w: (Lanes, Lanes, Lanes)) -> SixLanes {
    let (a, b) = ((w.0 + w.2) / -6, w.1 / -6)
    let (d, e) = (w.0 / 24 + w.2 / 6, w.1 / 12)
    return (w.0 / 4, a + b, a - b, d + e, d - e, w.2)
  }

  /// Six cotangents of transformed taps to three of taps: Gᵀ u.
  @inline(__always)
  static func filterAdjoint(_ u: SixLanes) -> (Lanes, Lanes, Lanes) {
    let (a, d) = ((u.1 + u.2) / -6, u.3 + u.4)
    return (u.0 / 4 + a + d / 24, (u.1 - u.2) / -6 + (u.3 - u.4) / 12, a + d / 6 + u.5)
  }
}

/// Up to 6 x 6 vectors between the two passes of a transform, row by row.
struct LaneGrid {
  let lanes: UnsafeMutablePointer<Lanes>

  @inline(__always)
  func row(_ i: Int) -> SixLanes {
    let p = lanes + 6 * i
    return (p[0], p[1], p[2], p[3], p[4], p[5])
  }

  @inline(__always)
  func setColumn(_ j: Int, _ x: SixLanes) {
    let p = lanes + j
    (p[0], p[6], p[12], p[18], p[24], p[30]) = x
  }

  @inline(__always)
  func setColumn(_ j: Int, _ x: FourLanes) {
    let p = lanes + j
    (p[0], p[6], p[12], p[18]) = x
  }
}

/// Gives `body` an uninitialised grid on the stack.
@inline(__always)
func withLaneGrid(_ body: (LaneGrid) -> Void) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 36) { body(LaneGrid(lanes: $0.baseAddress!)) }
}
