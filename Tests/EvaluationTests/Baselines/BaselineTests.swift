import Imaging
import Testing

@testable import Evaluation

@Suite struct BaselineTests {
  @Test(arguments: Baseline.allCases)
  func `known pixels stay as they are, and hidden ones do not matter`(baseline: Baseline) {
    let reference = MetricReference(width: 45, height: 37, hole: "", roughness: 70, values: [])
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
