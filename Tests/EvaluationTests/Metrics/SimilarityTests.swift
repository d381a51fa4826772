import Imaging
import Kernels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite struct GaussianWindowTests {
  @Test func `the means of a constant plane are the constant, edges included`() {
    let means = GaussianWindow(width: 7, height: 5).mean(of: [Double](repeating: 0.3, count: 35))
    #expect(means.allSatisfy { abs($0 - 0.3) < 1e-15 })
  }

  @Test func `a lone pixel spreads with the weights, and mirrored beyond the edge`() {
    let window = GaussianWindow(width: 12, height: 11)
    var plane = [Double](repeating: 0, count: 132)
    plane[5 * 12] = 1
    let weights = GaussianWindow.weights
    let means = window.mean(of: plane)
    // The first column is also the one before the first.
    #expect(abs(means[5 * 12] - weights[5] * (weights[5] + weights[4])) < 1e-15)
    #expect(abs(means[5 * 12 + 2] - weights[5] * (weights[3] + weights[2])) < 1e-15)
    #expect(abs(means[3 * 12 + 5] - weights[3] * weights[0]) < 1e-15)
    #expect(means[5 * 12 + 6] == 0)
  }
}

@Suite struct LearnedSimilarityTests {
  @Test func `the hole's score is the mean of the package's map`() throws {
    let reference = Fixture("lpips")
    let similarity = try SmallNetworks.perceptual()
    let (height, width) = (reference.integers("size")[0], reference.integers("size")[1])
    let (rows, columns) = (reference.integers("rows"), reference.integers("columns"))
    let hole = Hole(width: width, height: height) {
      (columns[0]..<columns[1]).contains($0) && (rows[0]..<rows[1]).contains($1)
    }
    let scores = ConvolutionMethod.$ofTask.withValue(.exact) {
      let features = ["first", "second"].map { similarity.features(.noise($0, [1, height, width, 3])) }
      return LearnedSimilarity.scores(similarity.distances(features[0], features[1]), hole: hole)
    }
    // The package's weights have 32 bits, whatever it computes with.
    #expect(abs(scores.whole / reference.number("squeeze/whole") - 1) < tolerance(1e-5, 1e-7))
    #expect(abs(scores.hole / reference.number("squeeze/hole") - 1) < tolerance(1e-5, 1e-7))
  }

  @Test func `depths add up, each with the mean of its own map`() {
    let maps = [Tensor([1, 3], shape: [1, 1, 2, 1]), Tensor([5], shape: [1, 1, 1, 1])]
    let hole = Hole(width: 4, height: 2) { x, _ in x == 0 }
    #expect(LearnedSimilarity.scores(maps, hole: hole) == RegionScores(whole: 7, hole: 6))
  }
}
