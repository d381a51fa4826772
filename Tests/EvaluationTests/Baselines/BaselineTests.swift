import Imaging
import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite struct BaselineTests {
  @Test(arguments: Baseline.allCases)
  func `known pixels stay as they are, and hidden ones do not matter`(baseline: Baseline) {
    let reference = MetricReference(width: 45, height: 37, hole: "", roughness: 70)
    let (picture, hole) = (reference.original, reference.raster)
    var other = picture
    for value in other.pixels.indices where hole.values[value / 3] != 0 { other.pixels[value] = 255 }
    let filled = baseline.fill(picture, hole: hole)
    #expect(baseline.fill(other, hole: hole) == filled)
    let isKept = picture.pixels.indices.allSatisfy {
      hole.values[$0 / 3] != 0 || filled.pixels[$0] == picture.pixels[$0]
    }
    #expect(isKept)
  }
}

@Suite struct MeanColorFillTests {
  @Test func `known pixels stay and missing ones get the known pixels' mean color`() {
    let images = Tensor([1, 0, 0.5, 0.2, 9, 9], shape: [1, 1, 3, 2])
    let filled = meanColorFill(images, holes: Tensor([0, 0, 1], shape: [1, 1, 3, 1]))
    #expect(filled.largestDifference(from: Tensor([1, 0, 0.5, 0.2, 0.75, 0.1], shape: [1, 1, 3, 2])) < 1e-6)
  }

  @Test func `a picture of which nothing is known becomes mid-gray`() {
    let filled = meanColorFill(.ones([1, 2, 2, 3]), holes: .ones([1, 2, 2, 1]))
    #expect(filled.elements.allSatisfy { $0 == 0 })
  }
}
