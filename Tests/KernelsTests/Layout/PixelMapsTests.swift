import TestSupport
import Testing

@testable import Kernels

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
