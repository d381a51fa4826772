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
