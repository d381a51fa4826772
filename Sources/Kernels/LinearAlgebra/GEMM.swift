import COpenBLAS
import CProcessor
import Synchronization

/// Matrix multiplication, C = A · B or C += A · B of row-major matrices: each product on the thread that asks for it, so that
/// no result depends on how many threads there are.
///
/// Two back ends compute it. They round differently, so a process keeps to one of them wherever it has the choice.
package enum GEMM {
  package enum BackEnd: String, CaseIterable, Sendable {
    /// `cblas_sgemm`, or `cblas_dgemm` of 64-bit numbers. It takes matrices as they lie.
    case openBLAS = "OpenBLAS"
    /// `Microkernel` over panels of B, which are cut once where one B meets many A.
    case packed = "packed panels"
  }

  /// The back end of a task's products, whatever the rest of the process uses: for tests and measurements.
  @TaskLocal package static var ofTask: BackEnd?

  /// The back end of products that may use either: that of the task if it has one, or else the table's.
  package static var backEnd: BackEnd { ofTask ?? ofProcess }

  private static let ofProcess = choice(
    build: .ofBuild, blasKernel: BLAS.kernelName, amdFamily: Int(processor_amd_family()))

  /// The table of what was measured. GFLOP/s of one thread, OpenBLAS 0.3.21, on products as a step of DeepFill v2 makes
  /// them: im2col's tiles, Winograd's, and those of filter gradients (A transposed).
  ///
  ///                                      packed panels      OpenBLAS
  ///     Zen 3, build AVX2, kernel Zen
  ///       112x192x864, 256x48x75, 48x16x96     at its limit, 95 76, 54, 41
  ///     Zen 4, build AVX-512, kernel Cooperlake
  ///       112x192x864                         111              101
  ///       256x48x75                           114              114
  ///       60x16x48, 30x16x96, 18x16x192       115         109, 113, 114
  ///       216x192x448, transposed             113              104
  ///       96x16x120, 48x16x200, transposed    112              115
  ///
  /// Zen 4 multiplies 512 bits in two passes of 256: the panels' 256 bits reach its limit, 115 GFLOP/s, too. On other
  /// processors OpenBLAS's kernels for AVX-512 use units of twice the width.
  static func choice(build: InstructionSet, blasKernel: String, amdFamily: Int) -> BackEnd {
    let isWide = ["SkylakeX", "Cooperlake", "SapphireRapids"].contains(blasKernel)
    switch build {
    case .avx2, .avx512: return !isWide || amdFamily == 25 ? .packed : .openBLAS
    // Not measured: twelve pairs of sums fit into the 32 registers.
    case .neon: return .packed
    case .sse2, .unknown: return .openBLAS
    }
  }

  private static let refusesPacked = Atomic<Bool>(false)

  /// Makes the process end at the next product of packed panels: for a test that nothing asks for one.
  static func refusePacked() { refusesPacked.store(true, ordering: .relaxed) }

  /// To be called once a product.
  @inline(__always)
  static func checkPacked() {
    if refusesPacked.load(ordering: .relaxed) { fatalError("GEMM: a product of packed panels") }
  }
}

/// The library that multiplies matrices.
package enum BLAS {
  /// OpenBLAS's kernel for this processor, such as `Zen`: results differ in the last bits between kernels.
  package static var kernelName: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build options.
  package static var version: String { String(cString: openblas_get_config()) }

  /// One thread a call: four calls side by side are faster than one call on four threads, and their results do not
  /// depend on how many threads there are.
  static let useOneThread: Void = openblas_set_num_threads(1)
}

/// The right side of products, k x n, arranged for a back end.
struct RightMatrix {
  let backEnd: GEMM.BackEnd
  let k: Int
  let n: Int
  /// The matrix as it lies, or its panels.
  private let elements: Source
  /// The distance between rows as they lie.
  private let rowStride: Int
  /// True if its panels are cut by one thread, for one product.
  private let isForOneProduct: Bool

  /// A matrix as it lies, for OpenBLAS; for packed panels they are cut on the calling thread.
  ///
  /// - Parameters:
  ///   - rowStride: The distance between the rows of `b`.
  ///   - panels: Room for `panelsLength` numbers.
  init(on backEnd: GEMM.BackEnd, k: Int, n: Int, _ b: Source, rowStride: Int, panels: Destination) {
    if backEnd == .packed { packPanels(k: k, n: n, b, stride: rowStride, into: panels) }
    self.init(backEnd, k, n, backEnd == .packed ? Source(panels) : b, rowStride, isForOneProduct: true)
  }

  /// A panel: k x 16, of which n columns are wanted. It is what it is to both back ends.
  init(on backEnd: GEMM.BackEnd, k: Int, n: Int = Microkernel.columns, panel: Source) {
    self.init(backEnd, k, n, panel, Microkernel.columns)
  }

  private init(
    _ backEnd: GEMM.BackEnd, _ k: Int, _ n: Int, _ elements: Source, _ rowStride: Int, isForOneProduct: Bool = false
  ) {
    self.backEnd = backEnd
    self.k = k
    self.n = n
    self.elements = elements
    self.rowStride = rowStride
    self.isForOneProduct = isForOneProduct
  }

  /// The room that `init` needs for panels.
  static func panelsLength(on backEnd: GEMM.BackEnd, k: Int, n: Int) -> Int {
    backEnd == .packed ? Kernels.panelsLength(k: k, n: n) : 0
  }

  /// Arranges a contiguous matrix on all threads, for the duration of a call.
  static func withArranged(
    on backEnd: GEMM.BackEnd, k: Int, n: Int, _ b: Source, _ body: (RightMatrix) -> Void
  ) {
    switch backEnd {
    case .openBLAS: body(RightMatrix(backEnd, k, n, b, n))
    case .packed:
      withScratch(Kernels.panelsLength(k: k, n: n)) { panels in
        packPanelsInParallel(k: k, n: n, b, into: panels)
        body(RightMatrix(backEnd, k, n, panels, 0))
      }
    }
  }

  /// C = A · B, or C += A · B, on the calling thread.
  ///
  /// - Parameters:
  ///   - m: A is m x k, C is m x n.
  ///   - rowStride, step: Element (r, i) of A is a[r · rowStride + i · step]. One of them is 1: a row-major matrix has step
  ///     1, a transposed one rowStride 1.
  ///   - cStride: The distance between the rows of C.
  func multiply(
    m: Int, _ a: Source, rowStride aStride: Int, step: Int, into c: Destination, cStride: Int, accumulates: Bool = false
  ) {
    ProductCensus.observe(
      MatrixProduct(m: m, n: n, k: k, isTransposed: step != 1, cutsPanels: isForOneProduct), backEnd)
    switch backEnd {
    case .openBLAS:
      Kernels.multiply(
        // OpenBLAS wants whole rows, even of one row alone.
        m: m, n: n, k: k, a, transposeA: step != 1, aStride: step == 1 ? max(aStride, k) : step, elements,
        bStride: rowStride, into: c, cStride: cStride, accumulate: accumulates)
    case .packed:
      multiplyPanels(
        m: m, n: n, k: k, a, rowStride: aStride, step: step, panels: elements, into: c, cStride: cStride,
        accumulates: accumulates)
    }
  }
}

/// C = A · B, or C += A · B, by OpenBLAS, on the calling thread.
///
/// - Parameters:
///   - m, n, k: C is m x n; A is m x k, or k x m if `transposeA`; B is k x n, or n x k if `transposeB`.
///   - aStride, bStride, cStride: The distance between rows as stored.
func multiply(
  m: Int, n: Int, k: Int,
  _ a: Source, transposeA: Bool = false, aStride: Int,
  _ b: Source, transposeB: Bool = false, bStride: Int,
  into c: Destination, cStride: Int, accumulate: Bool = false
) {
  _ = BLAS.useOneThread
  let operationA = transposeA ? CblasTrans : CblasNoTrans
  let operationB = transposeB ? CblasTrans : CblasNoTrans
  #if DoublePrecision
    cblas_dgemm(
      CblasRowMajor, operationA, operationB, blasint(m), blasint(n), blasint(k), 1, a, blasint(aStride), b,
      blasint(bStride), accumulate ? 1 : 0, c, blasint(cStride))
  #else
    cblas_sgemm(
      CblasRowMajor, operationA, operationB, blasint(m), blasint(n), blasint(k), 1, a, blasint(aStride), b,
      blasint(bStride), accumulate ? 1 : 0, c, blasint(cStride))
  #endif
}

/// The product of `batch` pairs of contiguous row-major matrices, by OpenBLAS: C[i] = A[i] · B[i].
///
/// A matrix that is shared by the whole batch has the batch stride 0.
package func multiplyBatch(
  batch: Int, m: Int, n: Int, k: Int,
  _ a: Source, transposeA: Bool, aBatchStride: Int,
  _ b: Source, transposeB: Bool, bBatchStride: Int,
  into c: Destination
) {
  let tileRows = 128
  let tiles = (m + tileRows - 1) / tileRows
  parallel(tasks: batch * tiles) { task in
    let (index, tile) = task.quotientAndRemainder(dividingBy: tiles)
    let row = tile * tileRows
    multiply(
      m: min(tileRows, m - row), n: n, k: k,
      a + index * aBatchStride + (transposeA ? row : row * k), transposeA: transposeA, aStride: transposeA ? m : k,
      b + index * bBatchStride, transposeB: transposeB, bStride: transposeB ? k : n,
      into: c + index * m * n + row * n, cStride: n)
  }
}
