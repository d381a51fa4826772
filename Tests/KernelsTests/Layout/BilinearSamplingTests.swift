import TestSupport
import Testing

@testable import Kernels

@Suite struct BilinearSamplingTests {
  private static let sizes = (batch: 2, height: 3, width: 4, channels: 3)
  /// Inside, on the borders, outside by less and by more than a pixel.
  private static let places: [Scalar] = [
    1.25, 0.5, 3.0, 2.0, -0.25, 1.75, 3.6, 2.7, -1.5, 1.0, 2.0, 1e30, 0.0, -0.5, 4.0, 1.0, -1.0, 0.0,
    2.5, 1.5, 0.0, 0.0, 3.9, -0.9, 1.0, 3.0, -.infinity, 1.0, 1.1, 1.2, 2.75, 0.25, 3.0, 2.5, 0.5, 2.0,
  ]
  private static let count = places.count / 4

  private func sampling(_ slopes: BilinearSampling.Slopes) -> BilinearSampling {
    BilinearSampling(
      batch: Self.sizes.batch, height: Self.sizes.height, width: Self.sizes.width, channels: Self.sizes.channels,
      places: Self.count, slopes: slopes)
  }

  /// The weight of a pixel at a distance to the right of a position, or its derivative, from the definition.
  private func weight(_ distance: Double, _ isSlope: Bool) -> Double {
    guard distance > -1, distance <= 1 else { return 0 }
    if isSlope { return distance > 0 ? 1 : -1 }
    return 1 - abs(distance)
  }

  /// All weights: [batch, places, pixels].
  private func weights(_ slopes: BilinearSampling.Slopes) -> [[[Double]]] {
    (0..<2).map { image in
      (0..<Self.count).map { place in
        let index = 2 * (image * Self.count + place)
        let (x, y) = (Double(Self.places[index]), Double(Self.places[index + 1]))
        return (0..<12).map { pixel in
          weight(Double(pixel % 4) - x, slopes.contains(.x)) * weight(Double(pixel / 4) - y, slopes.contains(.y))
        }
      }
    }
  }

  static let allSlopes: [BilinearSampling.Slopes] = [[], .x, .y, [.x, .y]]

  @Test(arguments: allSlopes)
  func `places are read with the weights of the definition`(_ slopes: BilinearSampling.Slopes) {
    let x = wave(2 * 12 * 3)
    let found = output(2 * Self.count * 3) { sampleBilinear(sampling(slopes), x, at: Self.places, into: $0) }
    var expected: [Scalar] = []
    for (image, places) in weights(slopes).enumerated() {
      for weights in places {
        for channel in 0..<3 {
          let terms = weights.enumerated().map { $1 * Double(x[(image * 12 + $0) * 3 + channel]) }
          expected.append(Scalar(terms.reduce(0, +)))
        }
      }
    }
    #expect(largestDifference(found, expected) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: allSlopes)
  func `the adjoint adds with the same weights`(_ slopes: BilinearSampling.Slopes) {
    let cotangent = wave(2 * Self.count * 3)
    let found = output(2 * 12 * 3) { scatterBilinear(sampling(slopes), cotangent, at: Self.places, into: $0) }
    var expected = [Double](repeating: 0, count: found.count)
    for (image, places) in weights(slopes).enumerated() {
      for (place, weights) in places.enumerated() {
        for (pixel, weight) in weights.enumerated() {
          for channel in 0..<3 {
            expected[(image * 12 + pixel) * 3 + channel] +=
              weight * Double(cotangent[(image * Self.count + place) * 3 + channel])
          }
        }
      }
    }
    #expect(largestDifference(found, expected.map { Scalar($0) }) < tolerance(1e-6, 1e-14))
  }

  @Test func `bands of large pictures make up the adjoint`() {
    let large = BilinearSampling(batch: 2, height: 100, width: 120, channels: 24, places: 900, slopes: [])
    let x = wave(2 * 100 * 120 * 24)
    let places = wave(2 * 900 * 2, frequency: 1.3, scale: 55, offset: 50)
    let read = output(2 * 900 * 24) { sampleBilinear(large, x, at: places, into: $0) }
    let spread = output(x.count) { scatterBilinear(large, read, at: places, into: $0) }
    func product(_ x: [Scalar], _ y: [Scalar]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let expected = product(read, read)
    #expect(expected > 1000 && abs(product(x, spread) / expected - 1) < tolerance(1e-5, 1e-13))
  }

  /// Reads a row of four pixels.
  private func read(_ row: [Scalar], at places: [Scalar]) -> [Scalar] {
    let sampling = BilinearSampling(batch: 1, height: 1, width: 4, channels: 1, places: places.count / 2, slopes: [])
    return output(places.count / 2) { sampleBilinear(sampling, row, at: places, into: $0) }
  }

  @Test func `the middle of a pixel gives its bits, whatever is beside it`() {
    let row: [Scalar] = [-0.0, .nan, .infinity, 0.1]
    #expect(areIdentical(read(row, at: [0, 0, 1, 0, 2, 0, 3, 0]), row))
  }

  @Test func `a place that is not a number gives no number, one far away gives zero`() {
    let found = read([1, 2, 3, 4], at: [.nan, 0, 0, .nan, .infinity, 0, 0, -1e30])
    #expect(found[0].isNaN && found[1].isNaN && found[2...] == [0, 0])
    let sampling = BilinearSampling(batch: 1, height: 1, width: 4, channels: 1, places: 1, slopes: [])
    #expect(output(4) { scatterBilinear(sampling, [1], at: [.nan, 0], into: $0) } == [0, 0, 0, 0])
  }
}

@Suite struct InterpolationTests {
  private let batch = 2
  private let height = 3
  private let width = 4
  private let channels = 3
  private let rows = [
    InterpolatedPosition(lower: 0, upper: 1, fraction: 0.25), InterpolatedPosition(lower: 2, upper: 2, fraction: 0),
  ]
  private let columns = [
    InterpolatedPosition(lower: 3, upper: 3, fraction: 0.5), InterpolatedPosition(lower: 1, upper: 2, fraction: 0.75),
    InterpolatedPosition(lower: 0, upper: 1, fraction: 0),
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
      scatterInterpolatedPixels(
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
