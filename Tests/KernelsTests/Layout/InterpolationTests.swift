import TestSupport
import Testing

@testable import Kernels

@Suite struct InterpolationTests {
  private let batch = 2
  private let height = 3
  private let width = 4
  private let channels = 3
  private let rows = [
    InterpolatedPlace(lower: 0, upper: 1, fraction: 0.25), InterpolatedPlace(lower: 2, upper: 2, fraction: 0),
  ]
  private let columns = [
    InterpolatedPlace(lower: 3, upper: 3, fraction: 0.5), InterpolatedPlace(lower: 1, upper: 2, fraction: 0.75),
    InterpolatedPlace(lower: 0, upper: 1, fraction: 0),
  ]

  /// From where an output is read, and with which weight.
  private func sources(_ image: Int, _ row: Int, _ column: Int, _ channel: Int) -> [(place: Int, weight: Scalar)] {
    let (row, column) = (rows[row], columns[column])
    return [(row.lower, 1 - row.fraction), (row.upper, row.fraction)].flatMap { y, weight in
      [(column.lower, 1 - column.fraction), (column.upper, column.fraction)].map { x, share in
        (((image * height + y) * width + x) * channels + channel, weight * share)
      }
    }
  }

  private func forEachOutput(_ body: (Int, [(place: Int, weight: Scalar)]) -> Void) {
    for index in 0..<batch * rows.count * columns.count * channels {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: channels)
      let (line, column) = pixel.quotientAndRemainder(dividingBy: columns.count)
      body(index, sources(line / rows.count, line % rows.count, column, channel))
    }
  }

  @Test func `a pixel is the weighted mean of four`() {
    let x = wave(batch * height * width * channels)
    let found = output(batch * rows.count * columns.count * channels) {
      interpolatePixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, x, into: $0)
    }
    var expected = [Scalar](repeating: 0, count: found.count)
    forEachOutput { index, sources in for (place, weight) in sources { expected[index] += weight * x[place] } }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }

  @Test func `the adjoint adds each pixel to the four`() {
    let cotangent = wave(batch * rows.count * columns.count * channels)
    let found = output(batch * height * width * channels) {
      spreadInterpolatedPixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, cotangent,
        into: $0)
    }
    var expected = [Scalar](repeating: 0, count: found.count)
    forEachOutput { index, sources in
      for (place, weight) in sources { expected[place] += weight * cotangent[index] }
    }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }
}
