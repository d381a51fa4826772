import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct StructuralDissimilarityTests {
  private let target = Tensor.wave([2, 9, 12, 3], frequency: 0.37, scale: 0.8)
  private let x = Tensor.wave([2, 9, 12, 3], frequency: 0.41, scale: 0.7)
  private let holes = Tensor((0..<216).map { $0 % 5 < 2 ? 1 : 0 }, shape: [2, 9, 12, 1])

  /// The definition, window by window.
  private func expected() -> Double {
    func value(_ tensor: Tensor, _ sample: Int, _ y: Int, _ x: Int, _ channel: Int) -> Double {
      func mirrored(_ position: Int, _ count: Int) -> Int {
        position < 0 ? -1 - position : position >= count ? 2 * count - 1 - position : position
      }
      return (Double(tensor[sample, mirrored(y, 9), mirrored(x, 12), channel]) + 1) / 2
    }
    var weights = [(dy: Int, dx: Int, weight: Double)]()
    for dy in -5...5 {
      for dx in -5...5 { weights.append((dy, dx, Double(dy * dy + dx * dx) / 4.5)) }
    }
    weights = weights.map { ($0.dy, $0.dx, exponential(-$0.weight)) }
    let sum = weights.reduce(0) { $0 + $1.weight }
    var pictures: [Double] = []
    for sample in 0..<2 {
      var (total, count) = (0.0, 0.0)
      for row in 0..<9 {
        for column in 0..<12 where holes[sample, row, column, 0] == 1 {
          for channel in 0..<3 {
            func mean(_ body: (Double, Double) -> Double) -> Double {
              weights.reduce(0) { result, tap in
                let a = value(x, sample, row + tap.dy, column + tap.dx, channel)
                let b = value(target, sample, row + tap.dy, column + tap.dx, channel)
                return result + tap.weight / sum * body(a, b)
              }
            }
            let (a, b) = (mean { a, _ in a }, mean { _, b in b })
            let variances = mean { a, _ in a * a } - a * a + mean { _, b in b * b } - b * b
            let covariance = mean { $0 * $1 } - a * b
            total += (2 * a * b + 1e-4) * (2 * covariance + 9e-4) / ((a * a + b * b + 1e-4) * (variances + 9e-4))
            count += 1
          }
        }
      }
      pictures.append(1 - total / count)
    }
    return (pictures[0] + pictures[1]) / 2
  }

  private func exponential(_ x: Double) -> Double { Double(exp(Tensor(Scalar(x))).scalar) }

  @Test func `it is one minus the mean similarity of the windows around missing pixels`() {
    #expect(abs(Double(structuralDissimilarity(x, target, holes).scalar) - expected()) < 1e-4)
    #expect(abs(structuralDissimilarity(target, target, holes).scalar) < 1e-5)
    #expect(structuralDissimilarity(x, target, .zeros(holes.shape)).scalar == 0)
  }
}
