import Foundation

/// Weighted means around every pixel of a plane, with a Gaussian of standard deviation 1.5 cut off at a radius of 5.
///
/// Beyond the edges the plane goes on mirrored, the edge pixel repeated.
struct GaussianWindow {
  /// Pixels to each side of the middle one.
  static let radius = 5
  /// 11 numbers whose sum is 1.
  static let weights: [Double] = {
    let values = (-radius...radius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }()

  /// The size of the planes.
  let width: Int
  let height: Int

  /// `height * width` means; the plane has at least as many rows and columns as the radius.
  func mean(of plane: [Double]) -> [Double] {
    let across = [Double](unsafeUninitializedCapacity: plane.count) { result, count in
      plane.withUnsafeBufferPointer { plane in
        var line = [Double](repeating: 0, count: width + 2 * Self.radius)
        for row in 0..<height {
          for column in line.indices {
            line[column] = plane[row * width + Self.mirrored(column - Self.radius, count: width)]
          }
          line.withUnsafeBufferPointer { line in
            Self.mix(count: width, into: result.baseAddress! + row * width) { line.baseAddress! + $0 }
          }
        }
      }
      count = plane.count
    }
    return [Double](unsafeUninitializedCapacity: plane.count) { result, count in
      across.withUnsafeBufferPointer { across in
        for row in 0..<height {
          Self.mix(count: width, into: result.baseAddress! + row * width) { tap in
            across.baseAddress! + Self.mirrored(row + tap - Self.radius, count: height) * width
          }
        }
      }
      count = plane.count
    }
  }

  /// Adds up the lines of the 11 taps, each times its weight.
  private static func mix(
    count: Int, into target: UnsafeMutablePointer<Double>, line: (Int) -> UnsafePointer<Double>
  ) {
    target.initialize(repeating: 0, count: count)
    for (tap, weight) in weights.enumerated() {
      let source = line(tap)
      for position in 0..<count { target[position] += weight * source[position] }
    }
  }

  /// The row or column that stands for one beyond the edge.
  private static func mirrored(_ position: Int, count: Int) -> Int {
    position < 0 ? -1 - position : position >= count ? 2 * count - 1 - position : position
  }
}
