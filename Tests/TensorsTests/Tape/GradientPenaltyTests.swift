import TestSupport
import Testing

@testable import Tensors

/// The penalty of Gulrajani et al. (2017) on a small critic: a gradient within a loss, through convolutions, biases,
/// an activation, a matrix product and a norm.
@Suite struct GradientPenaltyTests {
  private let filters = [
    Parameter(.wave([3, 3, 2, 3], frequency: 1.1, scale: 0.5)), Parameter(.wave([3], phase: 1)),
    Parameter(.wave([2, 2, 3, 2], frequency: 0.7, scale: 0.5)), Parameter(.wave([2], phase: 2)),
    Parameter(.wave([8, 1], frequency: 1.7)),
  ]
  private let pictures = Tensor.wave([2, 4, 5, 2], frequency: 0.61)

  private func critic(_ x: Tensor) -> Tensor {
    let first = convolve(x, filters[0].value, bias: filters[1].value, stride: 2, padding: Padding(1))
    let second = convolve(elu(first), filters[2].value, bias: filters[3].value, padding: Padding(bottom: 1))
    return matmul(tanh(second).reshaped(to: [2, -1]), filters[4].value)
  }

  private func penalty() -> Tensor {
    let slopes = gradient(at: pictures) { critic($0).sum() }
    let norms = sqrt(square(slopes).sum(axes: [1, 2, 3]) + 1e-6)
    return square(norms - 1).mean()
  }

  @Test func `its gradient agrees with finite differences in every parameter`() {
    let (value, slopes) = valueWithGradient(at: filters) { critic(pictures).mean() + penalty() * 10 }
    #expect(value.scalar.isFinite)
    let step: Scalar = isDoublePrecision ? 1e-5 : 1e-2
    for (parameter, slope) in zip(filters, slopes) {
      for element in 0..<parameter.value.count {
        func loss(at shift: Scalar) -> Double {
          parameter.update { $0[element] += shift }
          defer { parameter.update { $0[element] -= shift } }
          return Double((critic(pictures).mean() + penalty() * 10).scalar)
        }
        let numeric = (loss(at: step) - loss(at: -step)) / (2 * Double(step))
        let error = Swift.abs(Double(slope.elements[element]) - numeric) / max(1, Swift.abs(numeric))
        #expect(error < tolerance(0.05, 1e-6))
      }
    }
  }

  @Test func `a bias behind the last nonlinearity leaves the penalty alone`() {
    let offset = Parameter(Tensor(2))
    let slopes = valueWithGradient(at: [offset]) {
      let slopes = gradient(at: pictures) { (critic($0) + offset.value).sum() }
      return square(slopes).sum()
    }
    #expect(slopes.gradient[0].scalar == 0)
  }
}
