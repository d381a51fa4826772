import Testing

@testable import Imaging

struct ResamplingFilterTests {
  @Test(arguments: [ResamplingFilter.bilinear, .bicubic, .lanczos3])
  func `A filter is one at its center, zero at other pixels and symmetric`(filter: ResamplingFilter) {
    #expect(filter.weight(at: 0) == 1)
    for distance in 1...4 { #expect(abs(filter.weight(at: Double(distance))) < 1e-12) }
    #expect(filter.weight(at: -0.3) == filter.weight(at: 0.3))
    #expect(filter.weight(at: filter.radius + 0.01) == 0)
  }

  @Test func `The cubic is that of Keys`() {
    #expect(abs(ResamplingFilter.bicubic.weight(at: 0.5) - 0.5625) < 1e-12)
    #expect(abs(ResamplingFilter.bicubic.weight(at: 1.5) + 0.0625) < 1e-12)
  }
}
