import TestSupport
import Testing

@testable import Kernels

@Suite struct PatchProductTests {
  @Test(arguments: [0, 1, 27, 216, 864, 1_728, 12_800, 1_000_000])
  func `tiles hold 64 to 512 pixels, in steps of 16, and at least 128 for OpenBLAS`(patchLength: Int) {
    for (backEnd, least) in [(GEMM.BackEnd.packed, 64), (.openBLAS, 128)] {
      let pixels = tilePixels(patchLength: patchLength, on: backEnd)
      #expect((least...512).contains(pixels))
      #expect(pixels % 16 == 0)
    }
  }

  @Test(arguments: GEMM.BackEnd.allCases)
  func `every pixel is finished once, with its products`(backEnd: GEMM.BackEnd) {
    let geometry = ConvolutionGeometry(kernel: 3, size: 40, channels: 2, filters: 1, padding: Padding(1))
    let ones = [Scalar](repeating: 1, count: geometry.patchLength)
    let x = geometry.x
    let expected = Products(method: .fast, backEnd: backEnd).use {
      output(geometry.pixels) { convolve(geometry, x: x, w: ones, bias: nil, into: $0) }
    }
    let found = output(geometry.pixels) { out in
      multiplyPatches(
        Im2col(patchesOf: geometry), batch: 1, source: x, filter: ones, filters: 1, on: backEnd,
        into: nil
      ) { pixels, products in
        for (row, pixel) in pixels.enumerated() { out[pixel] = products[row] }
      }
    }
    #expect(found == expected)
  }
}
