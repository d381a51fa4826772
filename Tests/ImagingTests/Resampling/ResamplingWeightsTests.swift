import Testing

@testable import Imaging

struct ResamplingWeightsTests {
  @Test("Weights add up to one and stay within the source", arguments: ResamplingFilter.allCases)
  func weights(filter: ResamplingFilter) {
    for (source, target) in [(1, 1), (1, 9), (9, 1), (481, 384), (7, 1000), (1000, 7), (3, 2)] {
      let weights = ResamplingWeights(from: source, to: target, filter: filter)
      #expect(weights.spans.count == target)
      for (index, span) in weights.spans.enumerated() {
        #expect(span.first >= 0 && span.count > 0 && span.first + span.count <= source)
        #expect(span.count <= weights.stride)
        let sum = weights.weights[index * weights.stride..<(index + 1) * weights.stride].reduce(0, +)
        #expect(abs(sum - 1 << ResamplingWeights.fractionBits) <= Int32(span.count))
      }
    }
  }
}
