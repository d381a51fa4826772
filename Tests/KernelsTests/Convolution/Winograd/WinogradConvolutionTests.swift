import TestSupport
import Testing

@testable import Kernels

@Suite struct WinogradConvolutionTests {
  @Test(arguments: ConvolutionGeometry.forWinograd)
  func `the output agrees with seven loops`(geometry: ConvolutionGeometry) throws {
    let (plan, filter) = try #require(geometry.winograd)
    let (x, w) = (geometry.x, geometry.w)
    let bias = wave(geometry.filters, frequency: 2.1)
    var sums = NaiveSums(count: geometry.outputLength)
    for place in 0..<geometry.outputLength { sums.add(Double(bias[place % geometry.filters]), at: place) }
    geometry.forEachProduct { output, input, filter in sums.add(Double(x[input]) * Double(w[filter]), at: output) }
    let found = output(geometry.outputLength) { y in
      bias.withUnsafeBufferPointer { bias in
        filter.withTransformed(w) { filter, u in
          winogradConvolve(plan, x: x, filter: filter, u, into: .pixels(y, bias: bias.baseAddress))
        }
      }
    }
    #expect(sums.largestError(of: found) < winogradTolerance)
  }

  @Test(arguments: ConvolutionGeometry.forWinograd)
  func `the input's gradient agrees with seven loops`(geometry: ConvolutionGeometry) throws {
    let (plan, filter) = try #require(geometry.winograd)
    let (w, cotangent) = (geometry.w, geometry.cotangent)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(w[filter]) * Double(cotangent[output]), at: input)
    }
    let found = output(geometry.inputLength) { dx in
      filter.withTransformedTurned(w) { filter, u in
        winogradConvolve(plan.ofInputGradient, x: cotangent, filter: filter, u, into: .pixels(dx, bias: nil))
      }
    }
    #expect(sums.largestError(of: withoutTraces(found)) < winogradTolerance)
  }

  /// So large that all threads share a block: 36 x 4·64 x 384 numbers are more than are read again for every block.
  @Test func `a large filter gives what a small one would`() throws {
    let geometry = ConvolutionGeometry(
      kernel: 5, stride: 2, batch: 2, size: 29, channels: 64, filters: 384, padding: Padding(2))
    #expect(geometry.winogradPays)
    let (x, w) = (geometry.x, geometry.w)
    let expected = output(geometry.outputLength) { y in
      multiplyWindows(
        WindowGather(windowsOf: geometry), batch: 2, source: x, filter: w, filters: 384, into: y
      ) { _, _ in }
    }
    let found = output(geometry.outputLength) { convolve(geometry, x: x, w: w, bias: nil, into: $0) }
    let agrees = zip(found, expected).allSatisfy { Double(abs($0 - $1)) < tolerance(5e-4, 1e-11) }
    let differs = found != expected
    #expect(agrees && differs)
  }
}
