import TestSupport
import Testing

@testable import Kernels

@Suite struct Im2colTests {
  /// Two pictures of 2 x 3 pixels and two channels: pixel p of picture n has the channels 100·n + 10·p and one more.
  private let source: [Scalar] = (0..<24).map { index in
    let (image, pixel, channel) = (index / 12, index / 2 % 6, index % 2)
    return Scalar(100 * image + 10 * pixel + channel)
  }

  private func windows(rowOffsets: [Int], columnOffsets: [Int]) -> Im2col {
    Im2col(
      sourceHeight: 2, sourceWidth: 3, channels: 2, gridHeight: 2, gridWidth: 3, rowOffsets: rowOffsets,
      columnOffsets: columnOffsets)
  }

  @Test(
    arguments: [[0, 1], [1, 0], [-1, 0], [-1, 1], [0, 2], [-2, -1, 0], [2, 1, 0], [5]], [[0], [-1, 0], [1, -1]])
  func `offsets in any order are read, zeros outside`(columnOffsets: [Int], rowOffsets: [Int]) {
    let windows = windows(rowOffsets: rowOffsets, columnOffsets: columnOffsets)
    let found = output(12 * windows.patchLength) { windows.gather(0..<12, from: source, into: $0) }
    var expected: [Scalar] = []
    for pixel in 0..<12 {
      let (image, row, column) = (pixel / 6, pixel % 6 / 3, pixel % 3)
      for rowOffset in rowOffsets {
        for columnOffset in columnOffsets {
          let (y, x) = (row + rowOffset, column + columnOffset)
          let isInside = y >= 0 && y < 2 && x >= 0 && x < 3
          for channel in 0..<2 {
            expected.append(isInside ? Scalar(100 * image + 10 * (3 * y + x) + channel) : 0)
          }
        }
      }
    }
    #expect(found == expected)
  }

  @Test func `a part of the pixels is the same part of the rows, across rows and pictures`() {
    let windows = windows(rowOffsets: [-1, 0], columnOffsets: [0, 1])
    let length = windows.patchLength
    let whole = output(12 * length) { windows.gather(0..<12, from: source, into: $0) }
    for range in [0..<1, 2..<4, 4..<9, 11..<12, 5..<5] {
      let part = output(range.count * length) { windows.gather(range, from: source, into: $0) }
      #expect(part == Array(whole[range.lowerBound * length..<range.upperBound * length]))
    }
  }

  @Test func `only a pointwise convolution without padding and stride is its own matrix`() {
    func isIdentity(_ kernel: Int, _ stride: Int, _ padding: Padding) -> Bool {
      let geometry = ConvolutionGeometry(
        kernel: kernel, stride: stride, size: 4, channels: 2, filters: 2, padding: padding)
      return Im2col(patchesOf: geometry).isIdentity
    }
    #expect(isIdentity(1, 1, .none))
    #expect(!isIdentity(1, 2, .none))
    #expect(!isIdentity(1, 1, Padding(1)))
    #expect(!isIdentity(1, 1, Padding(bottom: 1)))
    #expect(!isIdentity(3, 1, Padding(1)))
  }
}

@Suite struct PatchesTests {
  /// One filter a geometry: the places of its products name the elements of the patches.
  static let geometries = ConvolutionGeometry.all.map { geometry in
    var single = geometry
    single.filters = 1
    return single
  }

  @Test(arguments: geometries)
  func `unfold writes every window as a row, zeros outside`(geometry: ConvolutionGeometry) {
    let x = geometry.x
    let length = geometry.patchLength
    var expected = [Scalar](repeating: 0, count: geometry.pixels * length)
    geometry.forEachProduct { pixel, input, place in expected[pixel * length + place] = x[input] }
    let found = output(expected.count) { unfold(geometry, x: x, into: $0) }
    #expect(largestDifference(found, expected) == 0)
  }

  @Test(arguments: geometries)
  func `fold adds every row back to where it was read`(geometry: ConvolutionGeometry) {
    let length = geometry.patchLength
    let patches = wave(geometry.pixels * length, frequency: 0.57)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { pixel, input, place in sums.add(Double(patches[pixel * length + place]), at: input) }
    let found = output(geometry.inputLength) { fold(geometry, patches: patches, into: $0) }
    #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14))
  }
}

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
