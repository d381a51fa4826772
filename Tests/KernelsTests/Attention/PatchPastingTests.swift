import TestSupport
import Testing

@testable import Kernels

@Suite struct PatchPastingTests {
  @Test(arguments: NaivePatches.cases)
  func `weighted patches of the keys add up at the queries`(patches: NaivePatches) {
    let weights = wave(patches.matrixCount, frequency: 0.19)
    let values = wave(patches.keysCount, frequency: 0.73)
    let found = output(patches.queriesCount) {
      pastePatches(patches.grid, weights: weights, values: values, into: $0)
    }
    #expect(largestDifference(found, patches.pasted(weights, values)) < tolerance(2e-4, 1e-12))
  }

  @Test(arguments: NaivePatches.cases)
  func `weighted patches of the queries add up at the keys`(patches: NaivePatches) {
    let weights = wave(patches.matrixCount, frequency: 0.19)
    let values = wave(patches.queriesCount, frequency: 0.73)
    let found = output(patches.keysCount) {
      pastePatchesTransposed(patches.grid, weights: weights, values: values, into: $0)
    }
    #expect(largestDifference(found, patches.pastedTransposed(weights, values)) < tolerance(2e-4, 1e-12))
  }
}
