/// The kinds of Winograd's minimal filtering F(m, r) over six inputs: m outputs of a filter with r taps, m + r = 7, with
/// six multiplications, Aᵀ [(G w) ⊙ (Bᵀ x)] (Lavin and Gray, 2016, section 4). In two dimensions each transform is
/// applied to columns and then to rows, on eight channels at a time.
///
/// The interpolation points are 0, ±a, ±b and infinity with a = √½ and b = √2. With the usual ±1 and ±2, rounding errors
/// of F(4x4, 3x3) are twice as large on average and three times as large at most (compare Barabasz et al., 2020, on the
/// choice of points). Bᵀ depends on the points alone, so both kinds share the transformed inputs and their 36 matrices.
///
/// With 256 channels of N(0, 1) values in 32 bits, the outputs of either kind have errors of 1.5e-6 of their standard
/// deviation (root mean square) and of 8e-6 at most. Those of im2col are 3e-7 and 1.3e-6.
enum MinimalFiltering: Int {
  /// F(4x4, 3x3): 36 multiplications per tile of 16 pixels instead of 144.
  case threeTaps = 3
  /// F(3x3, 4x4): 36 multiplications per tile of 9 pixels instead of 144.
  case fourTaps

  var taps: Int { rawValue }
  /// The side of a tile of outputs.
  var outputs: Int { 7 - taps }
}

/// A kind of minimal filtering as a type, for loops over outputs and taps whose bounds the compiler knows.
///
/// A evaluates the polynomial whose coefficients are the outputs' cotangents at the points, and G the one whose
/// coefficients are the taps, with its values divided by `Divisors.filter`. So the matrices of F(4, 3) and F(3, 4) are
/// the same but for the divisors, with outputs and taps exchanged.
protocol MinimalFilteringLoops {
  associatedtype Outputs: Coefficients
  associatedtype Taps: Coefficients
}

enum ThreeTapLoops: MinimalFilteringLoops {
  typealias Outputs = FourCoefficients
  typealias Taps = ThreeCoefficients
}

enum FourTapLoops: MinimalFilteringLoops {
  typealias Outputs = ThreeCoefficients
  typealias Taps = FourCoefficients
}

typealias Six<Vector> = (Vector, Vector, Vector, Vector, Vector, Vector)
typealias SixLanes = Six<Lanes>

extension MinimalFiltering {
  /// Bᵀ x: from six inputs to six values, on any number of channels at a time.
  @inline(__always)
  static func input<Vector: SIMD<Scalar>>(_ x: Six<Vector>) -> Six<Vector> {
    let (evenA, evenB) = (x.4.addingProduct(-2, x.2), x.4.addingProduct(-0.5, x.2))
    let (oddA, oddB) = ((a * x.3).addingProduct(-b, x.1), (b * x.3).addingProduct(-a, x.1))
    return (
      (x.4 + x.0).addingProduct(-2.5, x.2), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB,
      (x.5 + x.1).addingProduct(-2.5, x.3)
    )
  }
}

/// The divisors of a polynomial's values at ±a and at ±b; those at 0 and infinity are divided by 1.
struct Divisors {
  let a: Scalar
  let b: Scalar

  /// Those of A: none.
  @inline(__always) static var none: Divisors { Divisors(a: 1, b: 1) }
  /// Those of G: the product of a point's differences from the other finite points.
  @inline(__always) static var filter: Divisors { Divisors(a: -1.5, b: 6) }
}

/// The coefficients of polynomials, from the constant to the leading one, each for eight channels.
protocol Coefficients {
  static var count: Int { get }

  /// Coefficient i is `lanes(i)`.
  init(_ lanes: (_ i: Int) -> Lanes)

  /// The values at 0, a, -a, b, -b and infinity, where it is the leading coefficient.
  func values(over divisors: Divisors) -> SixLanes

  /// The adjoint of `values`.
  init(adjointOf values: SixLanes, over divisors: Divisors)

  func forEachCoefficient(_ body: (_ i: Int, _ coefficient: Lanes) -> Void)
}

// The interpolation points a and b.
@inline(__always) private var a: Scalar { 0.707_106_781_186_547_524_4 }
@inline(__always) private var b: Scalar { 1.414_213_562_373_095_048_8 }

struct ThreeCoefficients: Coefficients {
  private let lanes: (Lanes, Lanes, Lanes)

  @inline(__always) static var count: Int { 3 }

  @inline(__always)
  init(_ lanes: (_ i: Int) -> Lanes) { self.lanes = (lanes(0), lanes(1), lanes(2)) }

  @inline(__always)
  func values(over divisors: Divisors) -> SixLanes {
    let c = lanes
    let (evenA, oddA) = (c.0.addingProduct(0.5, c.2) / divisors.a, c.1 * (a / divisors.a))
    let (evenB, oddB) = (c.0.addingProduct(2, c.2) / divisors.b, c.1 * (b / divisors.b))
    return (c.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, c.2)
  }

  @inline(__always)
  init(adjointOf v: SixLanes, over divisors: Divisors) {
    let (evenA, oddA) = ((v.1 + v.2) / divisors.a, v.1 - v.2)
    let (evenB, oddB) = ((v.3 + v.4) / divisors.b, v.3 - v.4)
    lanes = (
      v.0 + evenA + evenB, (oddA * (a / divisors.a)).addingProduct(b / divisors.b, oddB),
      v.5.addingProduct(0.5, evenA).addingProduct(2, evenB)
    )
  }

  @inline(__always)
  func forEachCoefficient(_ body: (_ i: Int, _ coefficient: Lanes) -> Void) {
    body(0, lanes.0)
    body(1, lanes.1)
    body(2, lanes.2)
  }
}

struct FourCoefficients: Coefficients {
  private let lanes: (Lanes, Lanes, Lanes, Lanes)

  @inline(__always) static var count: Int { 4 }

  @inline(__always)
  init(_ lanes: (_ i: Int) -> Lanes) { self.lanes = (lanes(0), lanes(1), lanes(2), lanes(3)) }

  @inline(__always)
  func values(over divisors: Divisors) -> SixLanes {
    let c = lanes
    let evenA = c.0.addingProduct(0.5, c.2) / divisors.a
    let evenB = c.0.addingProduct(2, c.2) / divisors.b
    let oddA = (c.1 * (a / divisors.a)).addingProduct(0.5 * a / divisors.a, c.3)
    let oddB = (c.1 * (b / divisors.b)).addingProduct(2 * b / divisors.b, c.3)
    return (c.0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, c.3)
  }

  @inline(__always)
  init(adjointOf v: SixLanes, over divisors: Divisors) {
    let (evenA, oddA) = ((v.1 + v.2) / divisors.a, v.1 - v.2)
    let (evenB, oddB) = ((v.3 + v.4) / divisors.b, v.3 - v.4)
    lanes = (
      v.0 + evenA + evenB, (oddA * (a / divisors.a)).addingProduct(b / divisors.b, oddB),
      (0.5 * evenA).addingProduct(2, evenB),
      v.5.addingProduct(0.5 * a / divisors.a, oddA).addingProduct(2 * b / divisors.b, oddB)
    )
  }

  @inline(__always)
  func forEachCoefficient(_ body: (_ i: Int, _ coefficient: Lanes) -> Void) {
    body(0, lanes.0)
    body(1, lanes.1)
    body(2, lanes.2)
    body(3, lanes.3)
  }
}
