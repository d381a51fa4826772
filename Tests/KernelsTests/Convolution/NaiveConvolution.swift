import Kernels
import TestSupport
import Testing

/// The convolution as seven loops in `Double`: what the kernels are compared with.
extension ConvolutionGeometry {
  /// Calls `body` with the places of the factors of every product of the sum: y[output] += x[input] · w[filter].
  func forEachProduct(_ body: (_ output: Int, _ input: Int, _ filter: Int) -> Void) {
    for image in 0..<batch {
      for outputRow in 0..<outputHeight {
        for outputColumn in 0..<outputWidth {
          let pixel = (image * outputHeight + outputRow) * outputWidth + outputColumn
          forEachTap(outputRow, outputColumn) { row, column, tap in
            for channel in 0..<channels {
              let input = ((image * height + row) * width + column) * channels + channel
              for filter in 0..<filters {
                body(pixel * filters + filter, input, (tap * channels + channel) * filters + filter)
              }
            }
          }
        }
      }
    }
  }

  /// Calls `body` with the pixels of a window that lie in the picture.
  private func forEachTap(
    _ outputRow: Int, _ outputColumn: Int, _ body: (_ row: Int, _ column: Int, _ tap: Int) -> Void
  ) {
    for kernelRow in 0..<kernelHeight {
      for kernelColumn in 0..<kernelWidth {
        let row = outputRow * stride + kernelRow * dilation - padding.top
        let column = outputColumn * stride + kernelColumn * dilation - padding.left
        guard row >= 0 && row < height * upsampling && column >= 0 && column < width * upsampling else { continue }
        body(row / upsampling, column / upsampling, kernelRow * kernelWidth + kernelColumn)
      }
    }
  }

  var pixels: Int { batch * outputHeight * outputWidth }
  var inputLength: Int { batch * height * width * channels }
  var outputLength: Int { pixels * filters }
  var filterLength: Int { kernelHeight * kernelWidth * channels * filters }

  var x: [Scalar] { wave(inputLength, frequency: 0.71) }
  var w: [Scalar] { wave(filterLength, frequency: 1.13, phase: 0.6) }
  var cotangent: [Scalar] { wave(outputLength, frequency: 0.57, phase: 1.9) }
}

/// A sum of products with the sum of their magnitudes, by which its rounding error is measured.
struct NaiveSums {
  private var totals: [Double]
  private var magnitudes: [Double]

  init(count: Int) {
    totals = [Double](repeating: 0, count: count)
    magnitudes = totals
  }

  mutating func add(_ product: Double, at place: Int) {
    totals[place] += product
    magnitudes[place] += abs(product)
  }

  /// The largest error of `found`, relative to the magnitudes of what was summed; infinite if a value is NaN.
  func largestError(of found: [Scalar]) -> Double {
    var worst = 0.0
    for (place, value) in found.enumerated() {
      let error = abs(Double(value) - totals[place])
      if error.isNaN { return .infinity }
      if error > 0 { worst = max(worst, error / max(magnitudes[place], .leastNormalMagnitude)) }
    }
    return worst
  }
}
