// The one-dimensional transforms of Winograd's minimal filtering F(4, 3): four outputs of a filter with three taps from
// six inputs and six multiplications (Lavin and Gray, 2016, section 4.3). In two dimensions each is applied to columns
// and to rows, to eight channels at a time.
//
// The points are 0, ±a, ±b and infinity with a = √½ and b = √2. With the usual ±1 and ±2 rounding errors are twice as
// large on average, and three times as large at most (compare Barabasz et al., 2020, on the choice of points).

typealias FourLanes = (Lanes, Lanes, Lanes, Lanes)
typealias SixLanes = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

enum WinogradTransforms {
  @inline(__always) private static var a: Scalar { 0.707_106_781_186_547_524_4 }
  @inline(__always) private static var b: Scalar { 1.414_213_562_373_095_048_8 }

  /// Six inputs to six values: Bᵀ x.
  @inline(__always)
  static func input(_ x: SixLanes) -> SixLanes {
    let (evenA, evenB) = (x.4.addingProduct(-2, x.2), x.4.addingProduct(-0.5, x.2))
    let (oddA, oddB) = ((a * x.3).addingProduct(-b, x.1), (b * x.3).addingProduct(-a, x.1))
    return (
      (x.4 + x.0).addingProduct(-2.5, x.2), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB,
      (x.5 + x.1).addingProduct(-2.5, x.3)
    )
  }

  /// Six products to four outputs: Aᵀ m.
  @inline(__always)
  static func output(_ m: SixLanes) -> FourLanes {
    let (evenA, oddA) = (m.1 + m.2, m.1 - m.2)
    let (evenB, oddB) = (m.3 + m.4, m.3 - m.4)
    return (
      m.0 + evenA + evenB, (a * oddA).addingProduct(b, oddB), (0.5 * evenA).addingProduct(2, evenB),
      m.5.addingProduct(0.5 * a, oddA).addingProduct(2 * b, oddB)
    )
  }

  /// Four cotangents of outputs to six of products: A y.
  @inline(__always)
  static func outputAdjoint(_ y: FourLanes) -> SixLanes {
    let (evenA, oddA) = (y.0.addingProduct(0.5, y.2), (a * y.1).addingProduct(0.5 * a, y.3))
    let (evenB, oddB) = (y.0.addingProduct(2, y.2), (b * y.1).addingProduct(2 * b, y.3))
    return (y.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, y.3)
  }

  /// Three taps to six values: G w.
  @inline(__always)
  static func filter(_ w: (Lanes, Lanes, Lanes)) -> SixLanes {
    let (evenA, oddA) = (w.0.addingProduct(0.5, w.2) / -1.5, w.1 * (a / -1.5))
    let (evenB, oddB) = (w.0.addingProduct(2, w.2) / 6, w.1 * (b / 6))
    return (w.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, w.2)
  }

  /// Six cotangents of transformed taps to three of taps: Gᵀ u.
  @inline(__always)
  static func filterAdjoint(_ u: SixLanes) -> (Lanes, Lanes, Lanes) {
    let (evenA, evenB) = ((u.1 + u.2) / -1.5, (u.3 + u.4) / 6)
    return (
      u.0 + evenA + evenB, ((u.1 - u.2) * (a / -1.5)).addingProduct(b / 6, u.3 - u.4),
      u.5.addingProduct(0.5, evenA).addingProduct(2, evenB)
    )
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

/// Gives `body` an uninitialized grid on the stack.
@inline(__always)
func withLaneGrid(_ body: (LaneGrid) -> Void) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 36) { body(LaneGrid(lanes: $0.baseAddress!)) }
}
