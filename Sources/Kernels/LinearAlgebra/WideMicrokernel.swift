import CPlatform

/// The microkernel of the packed GEMM for registers of 512 bits: a block of sums of products that stays in registers, of
/// three rows per triple and one or two panels of 16 columns.
///
/// Twelve rows and two panels are 24 of AVX-512's 32 vectors. Each element of A is multiplied by both panels, so that
/// 14 loads feed 24 multiplications. One panel takes a load for each multiplication, and then 24 rows are better than
/// 12. Each sum adds the same products in the same order as in `Microkernel`, so both have the same bits.
enum WideMicrokernel<let triples: Int, let panels: Int> {
  /// c[r, 0 ..< 16 · panels] = Σᵢ a[r · rowStride + i · step] · panels[i, 0 ..< 16 · panels], or += if `accumulates`.
  ///
  /// - Parameters:
  ///   - k: The number of products in each sum.
  ///   - panel: The first panel, whose rows are those of 16 columns; each is `panelStride` behind the one before.
  ///   - stride: The distance between the rows of `c`.
  @inline(__always)
  static func multiply(
    _ k: Int, _ a: Source, rowStride: Int, step: Int, panel: Source, panelStride: Int, into c: Destination, stride: Int,
    accumulates: Bool
  ) {
    // The compiler keeps arrays of this form in registers, and a pointer for three rows saves it an addition per row.
    var sums = InlineArray<triples, InlineArray<3, InlineArray<panels, WideLanes>>>(
      repeating: InlineArray(repeating: InlineArray(repeating: .zero)))
    var rows = InlineArray<triples, Source> { a + 3 * $0 * rowStride }
    var panel = panel
    for _ in 0..<k {
      let columns = InlineArray<panels, WideLanes> { (panel + $0 * panelStride).wideLanes }
      for triple in 0..<triples {
        for row in 0..<3 {
          let x = WideLanes(repeating: rows[triple][row * rowStride])
          for side in 0..<panels {
            sums[triple][row][side] = sums[triple][row][side].addingProduct(x, columns[side])
          }
        }
        rows[triple] += step
      }
      panel += Microkernel.columns
    }
    // Two loops without branches, which the compiler unrolls: with one the sums would not stay in registers.
    if accumulates {
      for triple in 0..<triples {
        for row in 0..<3 {
          for side in 0..<panels {
            let old = c + (3 * triple + row) * stride + side * Microkernel.columns
            sums[triple][row][side] = Source(old).wideLanes + sums[triple][row][side]
          }
        }
      }
    }
    for triple in 0..<triples {
      for row in 0..<3 {
        for side in 0..<panels {
          (c + (3 * triple + row) * stride + side * Microkernel.columns).store(sums[triple][row][side])
        }
      }
    }
  }
}

/// A vector of sixteen scalars: a line of the cache with 32 bits, the row of a panel.
typealias WideLanes = SIMD16<Scalar>

extension InstructionSet {
  /// True if the build computes faster on sixteen scalars at a time than on eight: with 32-bit scalars on AVX-512. With
  /// 64 bits, eight fill its vectors.
  @inline(__always)
  static var prefersWideLanes: Bool { MemoryLayout<Scalar>.size == 4 && processor_build_has_avx512() }
}

extension UnsafePointer<Scalar> {
  @inline(__always)
  fileprivate var wideLanes: WideLanes { UnsafeRawPointer(self).loadUnaligned(as: WideLanes.self) }
}

extension UnsafeMutablePointer<Scalar> {
  @inline(__always)
  fileprivate func store(_ lanes: WideLanes) {
    UnsafeMutableRawPointer(self).storeBytes(of: lanes, as: WideLanes.self)
  }
}
