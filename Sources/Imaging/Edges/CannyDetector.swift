/// Edges one pixel wide (Canny, 1986, "A Computational Approach to Edge Detection"), as scikit-image's `feature.canny`
/// finds them in the luma of a picture, 0...1.
///
/// A Gaussian filter, Sobel gradients (3x3, not normalized), non-maximum suppression with magnitudes interpolated along
/// the gradient, and hysteresis thresholding with 8-connectivity. Border pixels are never edges.
package struct CannyDetector: Hashable, Sendable {
  /// The standard deviation of the Gaussian, in pixels.
  package var sigma: Double
  /// The low threshold: the least gradient magnitude of edge pixels that are connected with strong ones.
  package var low: Double
  /// The high threshold: the least gradient magnitude of strong edge pixels.
  package var high: Double

  package init(sigma: Double = 2, low: Double = 0.1, high: Double = 0.2) {
    self.sigma = sigma
    self.low = low
    self.high = high
  }

  /// The edges of a picture; alpha is ignored.
  ///
  /// - Precondition: `sigma` is finite and not negative.
  package func edges(of picture: Picture) -> EdgeMap {
    let smoothed = GaussianBlur(sigma: sigma).blurred(PictureValues(lumaOf: picture))
    let gradients = GradientField(of: smoothed)
    let ridges = gradients.nonMaximumSuppressed(above: low)
    var values = [UInt8](repeating: 0, count: ridges.values.count)
    for component in ridges.components where component.contains(where: { gradients.magnitudes[$0] >= high }) {
      for pixel in component { values[pixel] = 1 }
    }
    return EdgeMap(width: ridges.width, height: ridges.height, values: values)
  }
}

/// Sobel gradients of a plane, with its border pixels replicated.
private struct GradientField {
  let plane: PictureValues
  /// `height * width` gradient magnitudes.
  let magnitudes: [Double]

  init(of plane: PictureValues) {
    self.plane = plane
    let (width, height) = (plane.width, plane.height)
    magnitudes = [Double](unsafeUninitializedCapacity: width * height) { magnitudes, initializedCount in
      plane.values.withUnsafeBufferPointer { values in
        for y in 0..<height {
          let rows = Rows(around: y, of: values, width: width, height: height)
          let target = magnitudes.baseAddress! + y * width
          func measure(_ x: Int, _ left: Int, _ right: Int) {
            let (gx, gy) = rows.gradient(x, left: left, right: right)
            target[x] = (gy * gy + gx * gx).squareRoot()
          }
          measure(0, 0, min(1, width - 1))
          for x in stride(from: 1, to: width - 1, by: 1) { measure(x, x - 1, x + 1) }
          measure(width - 1, max(width - 2, 0), width - 1)
        }
      }
      initializedCount = width * height
    }
  }

  /// Non-maximum suppression: the interior pixels whose magnitudes are at least `low` and at least those of their
  /// neighbors along the gradient.
  func nonMaximumSuppressed(above low: Double) -> EdgeMap {
    let (width, height) = (plane.width, plane.height)
    // Flat areas have magnitudes of rounding errors, and no direction.
    let threshold = max(low, 1e-14)
    var ridges = [UInt8](repeating: 0, count: width * height)
    plane.values.withUnsafeBufferPointer { values in
      magnitudes.withUnsafeBufferPointer { magnitudes in
        for y in stride(from: 1, to: height - 1, by: 1) {
          let rows = Rows(around: y, of: values, width: width, height: height)
          for x in stride(from: 1, to: width - 1, by: 1) {
            let pixel = y * width + x
            let magnitude = magnitudes[pixel]
            guard magnitude >= threshold else { continue }
            let (gx, gy) = rows.gradient(x, left: x - 1, right: x + 1)
            let (stepAcross, stepDown) = (gx > 0 ? 1 : -1, gy > 0 ? width : -width)
            let isSteep = abs(gy) > abs(gx)
            let straight = isSteep ? stepDown : stepAcross
            let diagonal = stepAcross + stepDown
            let share = isSteep ? abs(gx) / abs(gy) : abs(gy) / abs(gx)
            let ahead = magnitudes[pixel + diagonal] * share + magnitudes[pixel + straight] * (1 - share)
            let behind = magnitudes[pixel - diagonal] * share + magnitudes[pixel - straight] * (1 - share)
            if ahead <= magnitude && behind <= magnitude { ridges[pixel] = 1 }
          }
        }
      }
    }
    return EdgeMap(width: width, height: height, values: ridges)
  }

  /// A row with its neighbors above and below.
  private struct Rows {
    let above: UnsafePointer<Double>
    let row: UnsafePointer<Double>
    let below: UnsafePointer<Double>

    init(around y: Int, of values: UnsafeBufferPointer<Double>, width: Int, height: Int) {
      above = values.baseAddress! + max(y - 1, 0) * width
      row = values.baseAddress! + y * width
      below = values.baseAddress! + min(y + 1, height - 1) * width
    }

    @inline(__always)
    func gradient(_ x: Int, left: Int, right: Int) -> (gx: Double, gy: Double) {
      (
        2 * (row[right] - row[left]) + ((above[right] - above[left]) + (below[right] - below[left])),
        2 * (below[x] - above[x]) + ((below[left] - above[left]) + (below[right] - above[right]))
      )
    }
  }
}
