import Kernels
import TestSupport
import Testing

@testable import Tensors

@Suite struct ConvolutionCensusTests {
  private let x = Tensor.ones([2, 6, 6, 3])
  private let filter = Tensor.ones([3, 3, 3, 4])

  private func passes(_ census: ConvolutionCensus) -> [ConvolutionPass] { census.entries.map(\.pass) }

  @Test func `it counts what runs inside, by shape and pass`() {
    let census = ConvolutionCensus()
    census.counting {
      _ = convolve(x, filter)
      _ = convolve(x, filter, stride: 2)
      _ = convolve(x, filter)
    }
    #expect(passes(census) == [.forward, .forward])
    #expect(census.entries.map(\.seconds.count) == [2, 1])
    #expect(census.entries.map(\.geometry.stride) == [1, 2])
    #expect(census.entries[0].geometry.filters == 4)
    #expect(census.entries.flatMap(\.seconds).allSatisfy { $0 > 0 })
  }

  @Test func `it sees nothing that runs outside`() {
    let census = ConvolutionCensus()
    _ = convolve(x, filter)
    census.counting {}
    _ = convolve(x, filter)
    #expect(census.entries.isEmpty)
  }

  @Test func `gradients are counted as what they are, those of gradients too`() {
    let first = ConvolutionCensus()
    first.counting { _ = gradient(at: x) { square(convolve($0, filter)).sum() } }
    #expect(passes(first) == [.forward, .inputGradient])

    let weights = Parameter(filter)
    let both = ConvolutionCensus()
    both.counting {
      _ = valueWithGradient(at: [weights]) {
        let slope = gradient(at: x) { square(convolve($0, weights.value)).sum() }
        return square(slope).sum()
      }
    }
    #expect(passes(both) == [.forward, .inputGradient, .filterGradient])
    #expect(Set(both.entries.map(\.geometry)).count == 1)
  }

  @Test func `counting changes no number`() {
    let census = ConvolutionCensus()
    let counted = census.counting { convolve(x, filter, bias: .ones([4])) }
    #expect(counted.elements == convolve(x, filter, bias: .ones([4])).elements)
  }
}
