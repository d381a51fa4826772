import TestSupport
import Testing

@testable import Kernels

@Suite struct PatchComparisonTests {
  @Test(arguments: NaivePatches.cases)
  func `products of patches come from products of cells`(patches: NaivePatches) {
    let queries = wave(patches.queriesCount)
    let keys = wave(patches.keysCount, frequency: 0.73)
    let found = output(patches.matrixCount) {
      comparePatches(patches.grid, queries: queries, keys: keys, scale: nil, into: $0)
    }
    #expect(largestDifference(found, patches.compared(queries, keys)) < tolerance(2e-5, 1e-13))
  }

  @Test func `each key has a scale of its own`() {
    let patches = NaivePatches(3, 4, kernel: 3, stride: 1)
    let (queries, keys) = (wave(patches.queriesCount), wave(patches.keysCount, frequency: 0.73))
    let scale = wave(2 * patches.grid.places, frequency: 0.21, offset: 2)
    let found = output(patches.matrixCount) {
      comparePatches(patches.grid, queries: queries, keys: keys, scale: scale, into: $0)
    }
    let places = patches.grid.places
    let expected = patches.compared(queries, keys).enumerated().map { index, product in
      product * scale[index / (places * places) * places + index % places]
    }
    #expect(largestDifference(found, expected) < tolerance(5e-5, 1e-13))
  }

  /// Larger than what is multiplied at once, so that it is cut, and rows at the cuts are multiplied twice.
  @Test func `a grid of several slabs`() {
    let patches = NaivePatches(batch: 1, 40, 40, channels: 1, kernel: 3, stride: 1)
    let x = wave(patches.queriesCount)
    let found = output(patches.matrixCount) {
      comparePatches(patches.grid, queries: x, keys: x, scale: nil, into: $0)
    }
    #expect(largestDifference(found, patches.compared(x, x)) < tolerance(2e-5, 1e-13))
  }
}
