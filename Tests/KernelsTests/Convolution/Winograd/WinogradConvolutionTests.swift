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
    for backEnd in GEMM.BackEnd.allCases {
      let found = output(geometry.outputLength) { y in
        bias.withUnsafeBufferPointer { bias in
          winogradConvolve(
            plan, x: x, w: w, filter: WinogradFilter(filter), on: backEnd,
            into: .pixels(y, bias: bias.baseAddress, .identity))
        }
      }
      #expect(sums.largestError(of: found) < winogradTolerance, "\(backEnd)")
    }
  }

  @Test(arguments: ConvolutionGeometry.forWinograd)
  func `the input's gradient agrees with seven loops`(geometry: ConvolutionGeometry) throws {
    let (plan, filter) = try #require(geometry.winograd)
    let (w, cotangent) = (geometry.w, geometry.cotangent)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { output, input, filter in
      sums.add(Double(w[filter]) * Double(cotangent[output]), at: input)
    }
    for backEnd in GEMM.BackEnd.allCases {
      let found = output(geometry.inputLength) { dx in
        winogradConvolve(
          plan.ofInputGradient, x: cotangent, w: w, filter: WinogradFilter(flipped: filter), on: backEnd,
          into: .pixels(dx, bias: nil, .identity))
      }
      #expect(sums.largestError(of: withoutTraces(found)) < winogradTolerance, "\(backEnd)")
    }
  }

  /// So large that their panels are transformed when their turn comes: with stride 2, over an enlarged picture, both with
  /// more tiles than are transformed at once, and with four taps.
  @Test(arguments: [
    ConvolutionGeometry(kernel: 5, stride: 2, batch: 2, size: 29, channels: 64, filters: 384, padding: Padding(2)),
    ConvolutionGeometry(kernel: 5, stride: 2, batch: 2, size: 120, channels: 96, filters: 240, padding: Padding(2)),
    ConvolutionGeometry(
      batch: 2, height: 14, width: 15, channels: 160, filters: 152, kernelHeight: 3, kernelWidth: 3, stride: 1,
      dilation: 1, padding: Padding(1), upsampling: 2),
    ConvolutionGeometry(kernel: 4, batch: 2, size: 16, channels: 256, filters: 512, padding: Padding(1)),
  ])
  func `a large filter gives what a small one would`(geometry: ConvolutionGeometry) throws {
    let (plan, filter) = try #require(geometry.winograd)
    #expect(WinogradFilter(filter).length > 3 << 20)
    let (x, w, cotangent) = (geometry.x, geometry.w, geometry.cotangent)
    let part = 8..<40
    let bound = tolerance(5e-4, 1e-11)
    // Each output depends on its own filters alone: those of a part of them make a small filter.
    var small = geometry
    small.filters = part.count
    let smallPlan = try #require(small.winograd)
    func columns(_ values: [Scalar], of total: Int) -> [Scalar] {
      stride(from: 0, to: values.count, by: total).flatMap { values[$0 + part.lowerBound..<$0 + part.upperBound] }
    }
    let smallW = columns(w, of: geometry.filters)
    let expected = output(small.outputLength) {
      winogradConvolve(
        smallPlan.plan, x: x, w: smallW, filter: WinogradFilter(smallPlan.filter), into: .pixels($0, bias: nil, .elu))
    }
    let found = output(geometry.outputLength) {
      winogradConvolve(plan, x: x, w: w, filter: WinogradFilter(filter), into: .pixels($0, bias: nil, .elu))
    }
    let error = zip(columns(found, of: geometry.filters), expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(Double(error) < bound)
    // And each filter's gradient on its own cotangents.
    let smallCotangent = columns(cotangent, of: geometry.filters)
    let expectedGradient = output(small.filterLength) {
      winogradFilterGradient(smallPlan.plan, smallPlan.filter, x: x, cotangent: smallCotangent, into: $0)
    }
    let gradient = output(geometry.filterLength) {
      winogradFilterGradient(plan, filter, x: x, cotangent: cotangent, into: $0)
    }
    let gradientError =
      zip(columns(gradient, of: geometry.filters), expectedGradient).map { abs($0 - $1) }.max() ?? .infinity
    #expect(Double(gradientError) < 20 * bound)
  }
}
