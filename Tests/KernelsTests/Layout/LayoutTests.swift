import TestSupport
import Testing

@testable import Kernels

@Suite struct PermutationTests {
  static let cases: [(shape: [Int], axes: [Int])] = [
    ([], []), ([5], [0]), ([2, 3], [0, 1]), ([2, 3], [1, 0]), ([2, 3, 4], [0, 2, 1]), ([2, 3, 4], [2, 0, 1]),
    ([2, 3, 4], [1, 2, 0]), ([2, 3, 4, 5], [0, 3, 1, 2]), ([2, 3, 4, 5], [0, 2, 1, 3]), ([2, 3, 4, 5], [3, 2, 1, 0]),
    ([1, 4, 1, 3], [2, 3, 0, 1]), ([300, 400], [1, 0]), ([2, 0, 3], [2, 1, 0]),
  ]

  @Test(arguments: cases)
  func `elements go where the order says`(shape: [Int], axes: [Int]) {
    let count = shape.reduce(1, *)
    let x = (0..<count).map { Scalar($0) }
    let found = output(count) { permute(shape: shape, axes: axes, x, into: $0) }
    var expected = [Scalar](repeating: -1, count: count)
    for index in 0..<count {
      let place = coordinates(index, shape)
      var target = 0
      for axis in axes { target = target * shape[axis] + place[axis] }
      expected[target] = x[index]
    }
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }

  private func coordinates(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { size in
      defer { rest /= size }
      return rest % size
    }.reversed()
  }
}

@Suite struct BlocksTests {
  static let cases: [(shape: [Int], starts: [Int], sizes: [Int])] = [
    ([], [], []), ([5], [1], [3]), ([5], [0], [5]), ([5], [5], [0]), ([4, 5], [1, 2], [2, 3]),
    ([4, 5], [1, 0], [2, 5]), ([4, 5], [0, 2], [4, 3]), ([3, 4, 5], [1, 0, 0], [2, 4, 5]),
    ([3, 4, 5], [0, 1, 0], [3, 2, 5]), ([3, 4, 5], [0, 0, 4], [3, 4, 1]), ([3, 4, 5], [1, 1, 1], [1, 2, 3]),
    ([2, 3, 4, 5], [1, 1, 1, 1], [1, 2, 3, 4]), ([2, 3, 4, 5], [0, 1, 0, 0], [2, 1, 4, 5]),
    ([2, 3, 4], [0, 0, 0], [2, 3, 4]), ([200, 300, 3], [10, 20, 0], [150, 250, 3]),
    ([1, 1, 3], [0, 0, 1], [1, 1, 1]),
  ]

  /// The places of a block's elements in the whole array, in row-major order.
  private func places(_ shape: [Int], _ starts: [Int], _ sizes: [Int]) -> [Int] {
    var result = [0]
    for axis in shape.indices {
      result = result.flatMap { outer in (0..<sizes[axis]).map { outer * shape[axis] + starts[axis] + $0 } }
    }
    return result
  }

  @Test(arguments: cases)
  func `a block is copied out`(shape: [Int], starts: [Int], sizes: [Int]) {
    let x = (0..<shape.reduce(1, *)).map { Scalar($0) }
    let found = output(sizes.reduce(1, *)) { copyBlock(shape: shape, starts: starts, sizes: sizes, x, into: $0) }
    let isSame = areIdentical(found, places(shape, starts, sizes).map { x[$0] })
    #expect(isSame)
  }

  @Test(arguments: cases)
  func `a block is copied in, and the rest is left alone`(shape: [Int], starts: [Int], sizes: [Int]) {
    let x = (0..<sizes.reduce(1, *)).map { Scalar($0) }
    var found = [Scalar](repeating: -1, count: shape.reduce(1, *))
    var expected = found
    for (index, place) in places(shape, starts, sizes).enumerated() { expected[place] = x[index] }
    copyIntoBlock(shape: shape, starts: starts, sizes: sizes, x, into: &found)
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }

  @Test(arguments: cases)
  func `a block is added, and the rest is left alone`(shape: [Int], starts: [Int], sizes: [Int]) {
    let x = (0..<sizes.reduce(1, *)).map { Scalar($0) }
    var found = [Scalar](repeating: -1, count: shape.reduce(1, *))
    var expected = found
    for (index, place) in places(shape, starts, sizes).enumerated() { expected[place] += x[index] }
    addIntoBlock(shape: shape, starts: starts, sizes: sizes, x, into: &found)
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }
}

@Suite struct RowsTests {
  /// More columns than one thread's share, and rows that repeat or are missing.
  @Test(arguments: [([], 3), ([2], 1), ([0, 1, 2, 3], 5), ([3, 0, 3, 3], 40), ([1, 1], 20_000)])
  func `rows are copied, and added to where they came from`(rows: [Int], columns: Int) {
    let x = wave(4 * columns)
    let found = output(rows.count * columns) { gatherRows(columns: columns, rows: rows, x, into: $0) }
    #expect(found == rows.flatMap { x[$0 * columns..<($0 + 1) * columns] })
    let cotangent = wave(rows.count * columns, frequency: 0.3)
    var sum = [Scalar](repeating: 1, count: 4 * columns)
    var expected = sum
    for (i, row) in rows.enumerated() {
      for column in 0..<columns { expected[row * columns + column] += cotangent[i * columns + column] }
    }
    addRows(columns: columns, rows: rows, cotangent, into: &sum)
    #expect(sum == expected)
  }
}

@Suite struct PixelMapsTests {
  static let maps: [(rows: [Int], columns: [Int])] = [
    ([0, 1, 2], [0, 1]), ([2, 0, 0, 1], [1, 1, 0]), ([0], [1]), ([2, 2, 2, 2], [0, 0, 0, 0, 1]),
  ]
  private let batch = 2
  private let height = 3
  private let width = 2
  private let channels = 3

  @Test(arguments: maps)
  func `pixels are read by row and column`(rows: [Int], columns: [Int]) {
    let x = (0..<batch * height * width * channels).map { Scalar($0) }
    let found = output(batch * rows.count * columns.count * channels) {
      gatherPixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, x, into: $0)
    }
    #expect(found == sources(rows, columns).map { x[$0] })
  }

  @Test(arguments: maps)
  func `the adjoint adds each pixel to where it was read`(rows: [Int], columns: [Int]) {
    let cotangent = wave(batch * rows.count * columns.count * channels)
    let count = batch * height * width * channels
    let found = output(count) {
      scatterPixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, cotangent,
        into: $0)
    }
    var expected = [Scalar](repeating: 0, count: count)
    for (index, place) in sources(rows, columns).enumerated() { expected[place] += cotangent[index] }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }

  private func sources(_ rows: [Int], _ columns: [Int]) -> [Int] {
    var result: [Int] = []
    for image in 0..<batch {
      for row in rows {
        for column in columns {
          for channel in 0..<channels {
            result.append(((image * height + row) * width + column) * channels + channel)
          }
        }
      }
    }
    return result
  }
}
