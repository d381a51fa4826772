import Foundation

/// Gaussian smoothing up to four standard deviations. What lies beyond the borders has no weight: the rest is divided by
/// the weights within the picture, so that even ground stays even.
struct GaussianBlur {
  /// The weights of the pixels 0, 1, 2 … to either side; those of all of a line's add up to 1.
  private let weights: [Double]

  /// - Parameter sigma: The standard deviation in pixels; 0 smooths nothing.
  init(sigma: Double) {
    precondition(sigma >= 0 && sigma.isFinite, "GaussianBlur: expected a deviation of 0 or more, found \(sigma)")
    guard sigma > 0 else {
      weights = [1]
      return
    }
    let densities = (0...Int(4 * sigma + 0.5)).map { exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
    let sum = densities[0] + 2 * densities.dropFirst().reduce(0, +)
    weights = densities.map { $0 / sum }
  }

  /// The smoothed plane, columns first.
  ///
  /// - Precondition: The plane has one channel.
  func blurred(_ plane: PictureValues) -> PictureValues {
    precondition(plane.channels == 1, "GaussianBlur.blurred: expected 1 channel, found \(plane.channels)")
    let (width, height, radius) = (plane.width, plane.height, weights.count - 1)
    let (across, down) = (weightWithin(width), weightWithin(height))
    let blank = [Double](repeating: 0, count: width)
    // A row with zeros on either side.
    var padded = [Double](repeating: 0, count: width + 2 * radius)
    let values = [Double](unsafeUninitializedCapacity: width * height) { result, initializedCount in
      blank.withUnsafeBufferPointer { blank in
        plane.values.withUnsafeBufferPointer { source in
          padded.withUnsafeMutableBufferPointer { padded in
            let line = padded.baseAddress! + radius
            for y in 0..<height {
              mix(into: line, count: width) { offset in
                (0..<height).contains(y + offset)
                  ? source.baseAddress! + (y + offset) * width : blank.baseAddress!
              }
              let row = result.baseAddress! + y * width
              mix(into: row, count: width) { UnsafePointer(line) + $0 }
              for x in 0..<width { row[x] /= down[y] * across[x] + .ulpOfOne }
            }
          }
        }
      }
      initializedCount = width * height
    }
    return PictureValues(width: width, height: height, channels: 1, values: values)
  }

  /// Adds up lines, the farthest first, each times the weight of its offset.
  @inline(__always)
  private func mix(
    into target: UnsafeMutablePointer<Double>, count: Int, line: (_ offset: Int) -> UnsafePointer<Double>
  ) {
    let center = line(0)
    for x in 0..<count { target[x] = center[x] * weights[0] }
    for offset in stride(from: weights.count - 1, to: 0, by: -1) {
      let (before, after, weight) = (line(-offset), line(offset), weights[offset])
      for x in 0..<count { target[x] += (before[x] + after[x]) * weight }
    }
  }

  /// The sum of the weights that fall within a line, for each of its pixels.
  private func weightWithin(_ length: Int) -> [Double] {
    (0..<length).map { position in
      weights.indices.reversed().reduce(0) { sum, offset in
        let sides = offset == 0 ? 1 : (position - offset >= 0 ? 1 : 0) + (position + offset < length ? 1 : 0)
        return sum + Double(sides) * weights[offset]
      }
    }
  }
}
