import Foundation
import Imaging
import Testing

@testable import Evaluation

@Suite struct MetricTests {
  @Test(arguments: MetricReference.all.indices, Metric.ofPixels)
  func `every metric has the value that scikit-image gives`(index: Int, metric: Metric) {
    let reference = MetricReference.all[index]
    let expected = reference.value(metric)
    let scores = metric.scores(
      Comparison(
        filled: PictureValues(reference.filled), original: PictureValues(reference.original), hole: reference.raster))
    // Relative for decibels, absolute for the rest; far below the 1e-4 that the definitions promise.
    #expect(abs(scores.whole - expected.whole) < 1e-8 * max(1, expected.whole))
    #expect(abs(scores.hole - expected.hole) < 1e-8 * max(1, expected.hole))
  }

  @Test func `a perfect filling has no error, full similarity and the most decibels`() {
    let reference = MetricReference.all[0]
    let scores = Scores(of: reference.original, original: reference.original, hole: reference.raster)
    for region in Region.allCases {
      #expect(scores[ScoreColumn(metric: .l1, region: region)] == 0)
      #expect(scores[ScoreColumn(metric: .l2, region: region)] == 0)
      #expect(scores[ScoreColumn(metric: .psnr, region: region)] == 100)
      #expect(abs((scores[ScoreColumn(metric: .ssim, region: region)] ?? 0) - 1) < 1e-12)
    }
  }

  @Test func `an original alone is measured only where no comparison is needed`() {
    let reference = MetricReference.all[0]
    let scores = Scores(ofOriginal: reference.original, hole: reference.raster)
    let measured = ScoreColumn.all.filter { scores[$0] != nil }.map(\.key)
    #expect(measured == ["total_variation", "seam", "hole_total_variation", "hole_seam"])
  }

  @Test func `every metric states its own definition`() {
    let definitions = Metric.allCases.map(\.definition)
    #expect(Set(definitions).count == Metric.allCases.count)
    #expect(definitions.allSatisfy { EvaluationGlossary.definitions.contains($0) })
    #expect(EvaluationGlossary.definitions.contains(FrechetDistance.definition))
  }
}
