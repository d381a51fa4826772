import TestSupport
import Testing

@testable import Kernels

extension ConvolutionGeometry {
  /// What Winograd's tiles can compute, however little it would pay: ragged sizes, dilations, every padding.
  static let threeByThree = all.filter { $0.kernelHeight == 3 && $0.kernelWidth == 3 && $0.stride == 1 }
}

/// Winograd's sums are rounded differently: of values that cancel, more is lost.
let winogradTolerance = tolerance(3e-5, 1e-13)

@Suite struct WinogradConvolutionTests {
  @Test(arguments: ConvolutionGeometry.threeByThree)
  func `the output agrees with seven loops`(geometry: ConvolutionGeometry) {
    let (x, w) = (geometry.x, geometry.w)
    let bias = wave(geometry.filters, frequency: 2.1)
    var sums = NaiveSums(count: geometry.outputLength)
    for place in 0..<geometry.outputLength { sums.add(Double(bias[place % geometry.filters]), at: place) }
    geometry.forEachProduct { output, input, filter in sums.add(Double(x[input]) * Double(w[filter]), at: output) }
    let transformed = output(36 * geometry.channels * geometry.filters) {
      winogradTransformFilter(channels: geometry.channels, filters: geometry.filters, w, into: $0)
    }
    let found = output(geometry.outputLength) {
      winogradConvolve(geometry, x: x, filter: transformed, bias: bias, into: $0)
    }
    #expect(sums.largestError(of: found) < winogradTolerance)
  }

  @Test func `layers of the usual sizes are worth it, small and strided ones are not`() {
    let layer = ConvolutionGeometry(kernel: 3, size: 64, channels: 96, filters: 192, padding: Padding(1))
    #expect(WinogradTiles.pays(layer))
    var dilated = layer
    dilated.dilation = 16
    dilated.padding = Padding(16)
    #expect(WinogradTiles.pays(dilated))
    dilated.dilation = 64
    dilated.padding = Padding(64)
    #expect(!WinogradTiles.pays(dilated))
    var strided = layer
    strided.stride = 2
    #expect(!WinogradTiles.pays(strided))
    #expect(
      !WinogradTiles.pays(ConvolutionGeometry(kernel: 3, size: 64, channels: 5, filters: 48, padding: Padding(1))))
  }

  @Test func `the tiles' origins reach every output pixel once`() {
    for dilation in [1, 2, 3, 16] {
      let geometry = ConvolutionGeometry(
        kernel: 3, dilation: dilation, size: 21, channels: 1, filters: 1, padding: Padding(dilation))
      var visits = [Int](repeating: 0, count: geometry.outputHeight * geometry.outputWidth)
      for origin in WinogradTiles(geometry).origins {
        for row in stride(from: origin.row, to: min(geometry.outputHeight, origin.row + 4 * dilation), by: dilation) {
          for column in stride(
            from: origin.column, to: min(geometry.outputWidth, origin.column + 4 * dilation), by: dilation)
          {
            visits[row * geometry.outputWidth + column] += 1
          }
        }
      }
      #expect(visits.allSatisfy { $0 == 1 })
    }
  }
}
