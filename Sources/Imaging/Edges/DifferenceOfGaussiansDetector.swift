import Foundation

/// Line drawings by extended differences of Gaussians, XDoG (Winnemöller, Kyprianidis and Olsen, 2012, "XDoG: An
/// eXtended Difference-of-Gaussians Compendium"). Lines are thicker than Canny's.
///
/// For the luma y in 0...1, S = (1 + p) G_sigma∗y − p G_(k·sigma)∗y. The output is 1 where S ≥ epsilon and 1 + tanh(phi
/// (S − epsilon)) elsewhere; pixels below ½ are lines. By this formula flat areas darker than epsilon are lines all
/// over, three quarters of an ordinary photograph. With `tone` 0, the default, flat areas are white, and only lines are
/// drawn.
package struct DifferenceOfGaussiansDetector: Hashable, Sendable {
  /// The standard deviation of the narrower Gaussian, in pixels: half of a line's width, roughly.
  package var sigma: Double
  /// The wider Gaussian's standard deviation, as a multiple of the narrower one's.
  package var k: Double
  /// The weight of their difference.
  package var p: Double
  /// The threshold of S, from which on the output is white.
  package var epsilon: Double
  /// The slope of the soft threshold below `epsilon`.
  package var phi: Double
  /// The weight of the picture's own luma against white, 0...1: 1 is the paper's formula, and 0 is S = 1 + p (G_sigma∗y
  /// − G_(k·sigma)∗y), lines on the dark side of edges.
  package var tone: Double

  package init(
    sigma: Double = 1, k: Double = 1.6, p: Double = 20, epsilon: Double = 0.65, phi: Double = 60, tone: Double = 0
  ) {
    self.sigma = sigma
    self.k = k
    self.p = p
    self.epsilon = epsilon
    self.phi = phi
    self.tone = tone
  }

  /// The lines of a picture; alpha is ignored.
  ///
  /// - Precondition: `sigma` and `k` are finite and not negative; `phi` is positive.
  package func edges(of picture: Picture) -> EdgeMap {
    precondition(phi > 0, "DifferenceOfGaussiansDetector.edges: expected a positive phi, found \(phi)")
    let brightness = PictureValues(lumaOf: picture)
    let narrow = GaussianBlur(sigma: sigma).blurred(brightness).values
    let wide = GaussianBlur(sigma: k * sigma).blurred(brightness).values
    // The output increases with S and is ½ where tanh is −½. The white term of S is moved to the right-hand side.
    let threshold = epsilon - atanh(0.5) / phi - (1 - tone)
    let ink = zip(narrow, wide).map { narrow, wide in
      (tone + p) * narrow - p * wide < threshold ? 1 : 0 as UInt8
    }
    return EdgeMap(width: picture.width, height: picture.height, values: ink)
  }
}

/// A Gaussian filter, truncated at four standard deviations. Beyond the borders weights are 0, and sums are normalized
/// by the weights within the picture, so that constants stay constant.
struct GaussianBlur {
  /// The weights at the offsets 0, 1, 2 … to either side; those of both sides add up to 1.
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

  /// Adds up the weighted lines, the farthest first.
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
