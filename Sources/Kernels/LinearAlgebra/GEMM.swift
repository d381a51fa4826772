import COpenBLAS
import CPlatform
import Synchronization

/// Matrix multiplication of row-major matrices, C = A · B or C += A · B. Each product runs on the calling thread, so
/// that results do not depend on the number of threads.
///
/// Two back ends compute it. They round differently, so a process uses one of them wherever it has the choice.
package enum GEMM {
  package enum BackEnd: String, CaseIterable, Sendable {
    /// `cblas_sgemm`, or `cblas_dgemm` with 64-bit scalars, on unpacked matrices.
    case openBLAS = "OpenBLAS"
    /// `Microkernel`, or `WideMicrokernel` for AVX-512, on packed panels of B, which are packed once if one B is
    /// multiplied by many A.
    case packed = "packed panels"
  }

  /// The back end of the current task, which overrides that of the process: for tests and measurements.
  @TaskLocal package static var ofTask: BackEnd?

  /// The back end of products that may use either: that of the task if it has one, else that of the table.
  package static var backEnd: BackEnd { ofTask ?? ofProcess }

  private static let ofProcess = choice(
    build: .ofBuild, blasKernel: BLAS.kernelName, amdFamily: Int(processor_amd_family()))

  /// The table of measurements, in GFLOP/s of one thread with OpenBLAS 0.3.21, on the products of a training step of
  /// DeepFill v2: im2col tiles, Winograd, and filter gradients (A transposed).
  ///
  ///                                      packed panels      OpenBLAS
  ///     Zen 3, build AVX2, kernel Zen
  ///       112x192x864, 256x48x75, 48x16x96     at its limit, 95 76, 54, 41
  ///     Zen 4, build AVX-512 with the 256-bit microkernel, kernel Cooperlake
  ///       112x192x864                         111              101
  ///       256x48x75                           114              114
  ///       60x16x48, 30x16x96, 18x16x192       115         109, 113, 114
  ///       216x192x448, transposed             113              104
  ///       96x16x120, 48x16x200, transposed    112              115
  ///     Zen 5, build AVX-512, kernel Cooperlake
  ///       512x48x75, 448x96x216                253, 265         214, 237
  ///       18x16x192, 30x16x96                  221, 232         191, 195
  ///       96x16x202, 144x192x512, transposed   238, 252         227, 241
  ///
  /// Zen 4 executes 512-bit instructions in two passes of 256 bits, so 256-bit panels reach its limit of 115 GFLOP/s
  /// as well: in a build for AVX2 they are preferred there to OpenBLAS's wide kernels, but nowhere else.
  static func choice(build: InstructionSet, blasKernel: String, amdFamily: Int) -> BackEnd {
    let isWide = ["SkylakeX", "Cooperlake", "SapphireRapids"].contains(blasKernel)
    switch build {
    case .avx512: return .packed
    case .avx2: return !isWide || amdFamily == 25 ? .packed : .openBLAS
    // Not measured: the twelve pairs of sums fit into 32 registers.
    case .neon: return .packed
    case .sse2, .unknown: return .openBLAS
    }
  }

  private static let refusesPacked = Atomic<Bool>(false)

  /// Makes the process trap at the next product of packed panels: for a test that there is none.
  static func refusePacked() { refusesPacked.store(true, ordering: .relaxed) }

  /// Called once per product.
  @inline(__always)
  static func checkPacked() {
    if refusesPacked.load(ordering: .relaxed) { fatalError("GEMM: a product of packed panels") }
  }
}

/// OpenBLAS, the library of matrix products.
package enum BLAS {
  /// The name of OpenBLAS's kernel for this processor, such as `Zen`. Results differ in the last bits between kernels.
  package static var kernelName: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build options.
  package static var version: String { String(cString: openblas_get_config()) }

  /// One thread per call: four calls in parallel are faster than one call on four threads, and results do not depend on
  /// the number of threads.
  static let useOneThread: Void = openblas_set_num_threads(1)
}

/// The right operand B of matrix products, k x n, as a back end reads it.
struct RightMatrix {
  let backEnd: GEMM.BackEnd
  let k: Int
  let n: Int
  /// The unpacked matrix, or its panels.
  private let elements: Source
  /// The distance between the rows of the unpacked matrix or of a panel.
  private let rowStride: Int
  /// The distance between panels; nil for an unpacked matrix.
  private let panelStride: Int?
  /// True if its panels are packed by one thread, for one product.
  private let isForOneProduct: Bool

  /// A matrix that OpenBLAS reads unpacked and that is packed on the calling thread for `packed`.
  ///
  /// - Parameters:
  ///   - rowStride: The distance between the rows of `b`.
  ///   - panels: Room for `panelsLength` scalars.
  init(on backEnd: GEMM.BackEnd, k: Int, n: Int, _ b: Source, rowStride: Int, panels: Destination) {
    if backEnd == .packed { packPanels(k: k, n: n, b, stride: rowStride, into: panels) }
    self.init(
      backEnd, k, n, backEnd == .packed ? Source(panels) : b, rowStride,
      panelStride: backEnd == .packed ? k * Microkernel.columns : nil, isForOneProduct: true)
  }

  /// Panels, k x 16 each, of which n columns are multiplied. Both back ends read them as they are.
  ///
  /// - Parameter panelStride: The distance between the panels; without it they follow each other.
  init(on backEnd: GEMM.BackEnd, k: Int, n: Int = Microkernel.columns, panels: Source, panelStride: Int? = nil) {
    self.init(backEnd, k, n, panels, Microkernel.columns, panelStride: panelStride ?? k * Microkernel.columns)
  }

  private init(
    _ backEnd: GEMM.BackEnd, _ k: Int, _ n: Int, _ elements: Source, _ rowStride: Int, panelStride: Int?,
    isForOneProduct: Bool = false
  ) {
    self.backEnd = backEnd
    self.k = k
    self.n = n
    self.elements = elements
    self.rowStride = rowStride
    self.panelStride = panelStride
    self.isForOneProduct = isForOneProduct
  }

  /// The length of `panels` that `init` needs, in scalars.
  static func panelsLength(on backEnd: GEMM.BackEnd, k: Int, n: Int) -> Int {
    backEnd == .packed ? Kernels.panelsLength(k: k, n: n) : 0
  }

  /// Packs a contiguous matrix on all threads if the back end needs it, for the duration of a call.
  static func withArranged(
    on backEnd: GEMM.BackEnd, k: Int, n: Int, _ b: Source, _ body: (RightMatrix) -> Void
  ) {
    switch backEnd {
    case .openBLAS: body(RightMatrix(backEnd, k, n, b, n, panelStride: nil))
    case .packed:
      withScratch(Kernels.panelsLength(k: k, n: n)) { panels in
        packPanelsInParallel(k: k, n: n, b, into: panels)
        body(RightMatrix(on: backEnd, k: k, n: n, panels: Source(panels)))
      }
    }
  }

  /// C = A · B, or C += A · B, on the calling thread.
  ///
  /// - Parameters:
  ///   - m: A is m x k, C is m x n.
  ///   - rowStride, step: Element (r, i) of A is a[r · rowStride + i · step]. One of them is 1: `step` of a row-major
  ///     matrix, `rowStride` of a transposed one.
  ///   - cStride: The distance between the rows of C.
  func multiply(
    m: Int, _ a: Source, rowStride aStride: Int, step: Int, into c: Destination, cStride: Int, accumulates: Bool = false
  ) {
    ProductCensus.observe(
      MatrixProduct(m: m, n: n, k: k, isTransposed: step != 1, cutsPanels: isForOneProduct), backEnd)
    switch (backEnd, panelStride) {
    case (.packed, let panelStride?):
      multiplyPanels(
        m: m, n: n, k: k, a, rowStride: aStride, step: step, panels: elements, panelStride: panelStride, into: c,
        cStride: cStride, accumulates: accumulates)
    case (.openBLAS, _), (.packed, nil):
      let width = panelStride == nil ? max(1, n) : Microkernel.columns
      for column in stride(from: 0, to: n, by: width) {
        Kernels.multiply(
          // OpenBLAS requires a row stride of at least k, even for a single row.
          m: m, n: min(width, n - column), k: k, a, transposeA: step != 1, aStride: step == 1 ? max(aStride, k) : step,
          elements + column / width * (panelStride ?? 0), bStride: rowStride, into: c + column, cStride: cStride,
          accumulate: accumulates)
      }
    }
  }
}

/// C = A · B, or C += A · B, by OpenBLAS, on the calling thread.
///
/// - Parameters:
///   - m, n, k: C is m x n; A is m x k, or k x m if `transposeA`; B is k x n, or n x k if `transposeB`.
///   - aStride, bStride, cStride: The distance between stored rows.
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
/// A matrix that the whole batch shares has the batch stride 0.
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
