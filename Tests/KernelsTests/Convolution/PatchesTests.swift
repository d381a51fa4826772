import TestSupport
import Testing

@testable import Kernels

@Suite struct PatchesTests {
  /// One filter a geometry: the places of its products name the elements of the patches.
  static let geometries = ConvolutionGeometry.all.map { geometry in
    var single = geometry
    single.filters = 1
    return single
  }

  @Test(arguments: geometries)
  func `unfold writes every window as a row, zeros outside`(geometry: ConvolutionGeometry) {
    let x = geometry.x
    let length = geometry.patchLength
    var expected = [Scalar](repeating: 0, count: geometry.pixels * length)
    geometry.forEachProduct { pixel, input, place in expected[pixel * length + place] = x[input] }
    let found = output(expected.count) { unfold(geometry, x: x, into: $0) }
    #expect(largestDifference(found, expected) == 0)
  }

  @Test(arguments: geometries)
  func `fold adds every row back to where it was read`(geometry: ConvolutionGeometry) {
    let length = geometry.patchLength
    let patches = wave(geometry.pixels * length, frequency: 0.57)
    var sums = NaiveSums(count: geometry.inputLength)
    geometry.forEachProduct { pixel, input, place in sums.add(Double(patches[pixel * length + place]), at: input) }
    let found = output(geometry.inputLength) { fold(geometry, patches: patches, into: $0) }
    #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14))
  }
}
