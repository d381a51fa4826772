import CPlatform

/// The microkernel of the packed GEMM for registers of 256 bits: a block of 6 x 16 sums of products that stays in registers.
///
/// Six rows of 16 are twelve vectors of sums. With two for the panel and one for the row's element they use 15 of
/// AVX2's 16 registers. A is read unpacked, one element at a time, so that only the panel has to be packed. OpenBLAS
/// packs both at every call, which takes a fifth of the time of products this small.
enum Microkernel {
  static let rows = 6
  static let columns = 16

  /// c[r, 0 ..< 16] = Σᵢ rowᵣ[i · step] · panel[i, 0 ..< 16], or += if `accumulates`.
  ///
  /// - Parameters:
  ///   - k: The number of products in each sum.
  ///   - step: The distance between the elements of a row.
  ///   - panel: k x 16.
  ///   - stride: The distance between the rows of `c`.
  @inline(__always)
  static func multiply(
    _ k: Int, _ row0: Source, _ row1: Source, _ row2: Source, _ row3: Source, _ row4: Source, _ row5: Source,
    step: Int, panel: Source, into c: Destination, stride: Int, accumulates: Bool
  ) {
    var (a0, b0) = (Lanes.zero, Lanes.zero)
    var (a1, b1) = (Lanes.zero, Lanes.zero)
    var (a2, b2) = (Lanes.zero, Lanes.zero)
    var (a3, b3) = (Lanes.zero, Lanes.zero)
    var (a4, b4) = (Lanes.zero, Lanes.zero)
    var (a5, b5) = (Lanes.zero, Lanes.zero)
    var panel = panel
    var place = 0
    for _ in 0..<k {
      let (left, right) = (panel.lanes(0), panel.lanes(8))
      let x0 = Lanes(repeating: row0[place])
      a0 = a0.addingProduct(x0, left)
      b0 = b0.addingProduct(x0, right)
      let x1 = Lanes(repeating: row1[place])
      a1 = a1.addingProduct(x1, left)
      b1 = b1.addingProduct(x1, right)
      let x2 = Lanes(repeating: row2[place])
      a2 = a2.addingProduct(x2, left)
      b2 = b2.addingProduct(x2, right)
      let x3 = Lanes(repeating: row3[place])
      a3 = a3.addingProduct(x3, left)
      b3 = b3.addingProduct(x3, right)
      let x4 = Lanes(repeating: row4[place])
      a4 = a4.addingProduct(x4, left)
      b4 = b4.addingProduct(x4, right)
      let x5 = Lanes(repeating: row5[place])
      a5 = a5.addingProduct(x5, left)
      b5 = b5.addingProduct(x5, right)
      place += step
      panel += columns
    }
    @inline(__always)
    func put(_ row: Int, _ a: Lanes, _ b: Lanes) {
      let out = c + row * stride
      out.store(accumulates ? out.lanes(0) + a : a, 0)
      out.store(accumulates ? out.lanes(8) + b : b, 8)
    }
    put(0, a0, b0)
    put(1, a1, b1)
    put(2, a2, b2)
    put(3, a3, b3)
    put(4, a4, b4)
    put(5, a5, b5)
  }
}

/// A vector of eight scalars.
typealias Lanes = SIMD8<Scalar>

extension UnsafePointer<Scalar> {
  /// The eight scalars at `offset`.
  @inline(__always)
  func lanes(_ offset: Int) -> Lanes { UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self) }

  /// The `count` scalars at `offset`, followed by zeros.
  @inline(__always)
  func lanes(_ offset: Int, count: Int) -> Lanes {
    if count == Lanes.scalarCount { return lanes(offset) }
    var lanes = Lanes.zero
    for lane in 0..<count { lanes[lane] = self[offset + lane] }
    return lanes
  }
}

extension UnsafeMutablePointer<Scalar> {
  /// The eight scalars at `offset`.
  @inline(__always)
  func lanes(_ offset: Int) -> Lanes { UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self) }

  /// Stores eight scalars at `offset`.
  @inline(__always)
  func store(_ lanes: Lanes, _ offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: lanes, as: Lanes.self)
  }
  /// Stores the first `count` of eight scalars at `offset`.
  @inline(__always)
  func store(_ lanes: Lanes, _ offset: Int, count: Int) {
    if count == Lanes.scalarCount { return store(lanes, offset) }
    for lane in 0..<count { self[offset + lane] = lanes[lane] }
  }
}

/// Calls `body` for ranges of eight elements that cover 0..<total. If `total` is not a multiple of eight, the last two
/// overlap; if it is less than eight, there is one range of `total` elements.
@inline(__always)
func forEachEight(of total: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
  let count = min(total, Lanes.scalarCount)
  // One call site, or `body` would not be inlined.
  for first in stride(from: 0, to: total, by: Lanes.scalarCount) { body(min(first, total - count), count) }
}

/// The vector instructions that the kernels are compiled for. They decide how fast the loops are, and whether a product
/// is rounded before it is added.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// 512 bits.
  case avx512 = "AVX-512"
  /// 256 bits, with fused multiply-adds.
  case avx2 = "AVX2"
  /// x86-64 without fused multiply-adds: each one is a call to the C library.
  case sse2 = "SSE2"
  /// 128 bits, of 64-bit Arm.
  case neon = "NEON"
  case unknown

  /// The instruction set of this build.
  package static let ofBuild = InstructionSet(rawValue: String(cString: processor_build_instruction_set())) ?? .unknown
}
