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
