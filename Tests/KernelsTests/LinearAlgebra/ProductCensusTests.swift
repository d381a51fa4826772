import TestSupport
import Testing

@testable import Kernels

@Suite struct ProductCensusTests {
  /// In a process of its own: others convolve at the same time in this one.
  @Test func `the products of a convolution are those of its tiles`() async {
    await #expect(processExitsWith: .success) {
      // 600 pixels in tiles of 512, windows of 27.
      let geometry = ConvolutionGeometry(
        batch: 1, height: 20, width: 30, channels: 3, filters: 5, kernelHeight: 3, kernelWidth: 3, stride: 1,
        dilation: 1,
        padding: Padding(1))
      let entries = ProductCensus.counting {
        for _ in 0..<2 {
          _ = Products.exact.use {
            output(geometry.outputLength) { convolve(geometry, x: geometry.x, w: geometry.w, bias: nil, into: $0) }
          }
        }
      }
      #expect(entries.map(\.count) == [2, 2])
      #expect(entries.allSatisfy { $0.backEnd == .openBLAS })
      let products = [512, 88].map { MatrixProduct(m: $0, n: 5, k: 27, isTransposed: false, cutsPanels: false) }
      #expect(entries.map(\.product) == products)
      // Afterwards nothing is counted.
      _ = output(geometry.outputLength) { convolve(geometry, x: geometry.x, w: geometry.w, bias: nil, into: $0) }
      #expect(ProductCensus.counting {}.isEmpty)
    }
  }

  @Test(arguments: GEMM.BackEnd.allCases)
  func `a product can be had as often as wanted`(backEnd: GEMM.BackEnd) {
    for isTransposed in [false, true] {
      let product = MatrixProduct(m: 7, n: 20, k: 9, isTransposed: isTransposed, cutsPanels: isTransposed)
      var calls = 0
      product.repeating(on: backEnd) { once in
        for _ in 0..<3 {
          once()
          calls += 1
        }
      }
      #expect(calls == 3)
    }
    #expect(MatrixProduct(m: 7, n: 20, k: 9, isTransposed: false, cutsPanels: false).operations == 2_520)
  }
}

@Suite struct SquareProductsTests {
  @Test func `every product is the same one`() {
    let a: [Scalar] = [1, 2, 3, 4]
    let b: [Scalar] = [5, 6, 7, 8]
    let found = output(3 * 4) { multiplySquares(count: 3, size: 2, a, b, into: $0) }
    #expect(found == [19, 22, 43, 50, 19, 22, 43, 50, 19, 22, 43, 50])
  }
}
