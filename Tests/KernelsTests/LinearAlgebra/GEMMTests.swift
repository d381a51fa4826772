import TestSupport
import Testing

@testable import Kernels

@Suite struct GEMMTests {
  static let sizes: [(batch: Int, m: Int, n: Int, k: Int)] = [
    (1, 1, 1, 1), (1, 2, 3, 4), (3, 5, 4, 7), (2, 128, 9, 5), (2, 129, 9, 5), (1, 300, 17, 33), (4, 1, 64, 3),
    (0, 2, 2, 2), (2, 0, 3, 4),
  ]

  @Test(arguments: sizes, [(false, false), (true, false), (false, true), (true, true)])
  func `products of a batch agree with naive ones`(
    size: (batch: Int, m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)
  ) {
    for shared in [(a: false, b: false), (true, false), (false, true)] {
      check(size, transposed, shared)
    }
  }

  private func check(
    _ size: (batch: Int, m: Int, n: Int, k: Int), _ transposed: (a: Bool, b: Bool), _ shared: (a: Bool, b: Bool)
  ) {
    let (batch, m, n, k) = size
    let (aStride, bStride) = (shared.a ? 0 : m * k, shared.b ? 0 : k * n)
    let a = wave(max(1, shared.a ? 1 : batch) * m * k)
    let b = wave(max(1, shared.b ? 1 : batch) * k * n, frequency: 0.83, phase: 1)
    let found = output(batch * m * n) {
      multiplyBatch(
        batch: batch, m: m, n: n, k: k, a, transposeA: transposed.a, aBatchStride: aStride, b,
        transposeB: transposed.b, bBatchStride: bStride, into: $0)
    }
    let expected = (0..<batch * m * n).map { index in
      let (matrix, row, column) = (index / (m * n), index / n % m, index % n)
      return Scalar(
        (0..<k).reduce(0.0) { sum, i in
          let left = a[matrix * aStride + (transposed.a ? i * m + row : row * k + i)]
          let right = b[matrix * bStride + (transposed.b ? column * k + i : i * n + column)]
          return sum + Double(left) * Double(right)
        })
    }
    #expect(largestDifference(found, expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `rows may lie apart, and products may be added`() {
    // 2 x 2 matrices inside rows of 3, 4 and 5 elements; 9 marks what must not be read.
    let a: [Scalar] = [1, 2, 9, 3, 4, 9]
    let b: [Scalar] = [5, 6, 9, 9, 7, 8, 9, 9]
    var c: [Scalar] = [1, 1, -1, -1, -1, 1, 1, -1, -1, -1]
    multiply(m: 2, n: 2, k: 2, a, aStride: 3, b, bStride: 4, into: &c, cStride: 5, accumulate: true)
    #expect(c == [20, 23, -1, -1, -1, 44, 51, -1, -1, -1])
    multiply(m: 2, n: 2, k: 2, a, aStride: 3, b, bStride: 4, into: &c, cStride: 5)
    #expect(c == [19, 22, -1, -1, -1, 43, 50, -1, -1, -1])
  }

  /// Whole blocks and cut ones, right sides as they lie and in panels, rows that are columns.
  @Test(arguments: PanelProductTests.sizes, [false, true])
  func `the back ends agree`(sizes: PanelProductTests.Sizes, isTransposed: Bool) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let (a, b) = (wave(m * k, frequency: 0.7), wave(k * n, frequency: 1.3))
    func product(_ backEnd: GEMM.BackEnd, accumulates: Bool, isArrangedAtOnce: Bool) -> [Scalar] {
      output(m * n) { c in
        c.update(repeating: 1, count: m * n)
        let multiply = { (right: RightMatrix) in
          right.multiply(
            m: m, a, rowStride: isTransposed ? 1 : k, step: isTransposed ? m : 1, into: c, cStride: n,
            accumulates: accumulates)
        }
        if isArrangedAtOnce {
          RightMatrix.withArranged(on: backEnd, k: k, n: n, b, multiply)
        } else {
          withScratch(RightMatrix.panelsLength(on: backEnd, k: k, n: n)) { panels in
            multiply(RightMatrix(on: backEnd, k: k, n: n, b, rowStride: n, panels: panels))
          }
        }
      }
    }
    for accumulates in [false, true] {
      let expected = product(.openBLAS, accumulates: accumulates, isArrangedAtOnce: true)
      #expect(product(.openBLAS, accumulates: accumulates, isArrangedAtOnce: false) == expected)
      for isArrangedAtOnce in [false, true] {
        let found = product(.packed, accumulates: accumulates, isArrangedAtOnce: isArrangedAtOnce)
        #expect(largestDifference(found, expected) < tolerance(1e-4, 1e-12))
      }
    }
  }

  @Test func `a panel is a panel to both back ends`() {
    let panel = wave(16 * 5)
    let found = GEMM.BackEnd.allCases.map { backEnd in
      output(2 * 11) {
        RightMatrix(on: backEnd, k: 5, n: 11, panels: panel)
          .multiply(m: 2, wave(10, frequency: 1.1), rowStride: 5, step: 1, into: $0, cStride: 11)
      }
    }
    #expect(largestDifference(found[0], found[1]) < tolerance(1e-5, 1e-13))
  }

  @Test(arguments: GEMM.BackEnd.allCases)
  func `panels may lie apart, and the last one may be cut`(backEnd: GEMM.BackEnd) {
    let (m, n, k, panelStride) = (13, 37, 5, 16 * 5 + 7)
    let (a, panels) = (wave(m * k, frequency: 1.1), wave(3 * panelStride))
    let found = output(m * n) {
      RightMatrix(on: backEnd, k: k, n: n, panels: panels, panelStride: panelStride)
        .multiply(m: m, a, rowStride: k, step: 1, into: $0, cStride: n)
    }
    let expected = (0..<m * n).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: n)
      return (0..<k).reduce(Scalar(0)) {
        $0 + a[row * k + $1] * panels[column / 16 * panelStride + 16 * $1 + column % 16]
      }
    }
    #expect(largestDifference(found, expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `OpenBLAS is chosen where its kernels are wider than the build, and where there is no fused multiply-add`()
  {
    func choice(_ build: InstructionSet, _ kernel: String, amd: Int) -> GEMM.BackEnd {
      GEMM.choice(build: build, blasKernel: kernel, amdFamily: amd)
    }
    #expect(choice(.avx2, "Zen", amd: 25) == .packed)
    #expect(choice(.avx2, "Haswell", amd: 0) == .packed)
    #expect(choice(.avx512, "Cooperlake", amd: 25) == .packed)
    #expect(choice(.avx512, "Cooperlake", amd: 26) == .packed)
    #expect(choice(.avx512, "SkylakeX", amd: 0) == .packed)
    // Built for other machines of a cluster, and run on one with AVX-512.
    #expect(choice(.avx2, "SapphireRapids", amd: 0) == .openBLAS)
    #expect(choice(.sse2, "Nehalem", amd: 0) == .openBLAS)
    #expect(choice(.neon, "NEOVERSEN1", amd: 0) == .packed)
  }

  @Test func `a task's back end is nobody else's`() {
    for backEnd in GEMM.BackEnd.allCases { GEMM.$ofTask.withValue(backEnd) { #expect(GEMM.backEnd == backEnd) } }
    #expect(GEMM.ofTask == nil)
  }

  @Test func `the build's instruction set is known on the processors that it is written for`() {
    #expect(InstructionSet.ofBuild != .unknown)
  }

  @Test func `the library tells its name and version`() {
    #expect(!BLAS.kernelName.isEmpty)
    #expect(BLAS.version.contains("OpenBLAS"))
  }
}
