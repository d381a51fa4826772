import Testing

@testable import Training

@Suite struct SamplesTests {
  @Test func `the median is in the middle, or between both in the middle`() {
    #expect(Samples([5, 1, 3]).median == 3)
    #expect(Samples([8, 1, 3, 4]).median == 3.5)
    #expect(Samples([7]).median == 7)
  }

  @Test func `one slow measurement does not move the median`() {
    #expect(Samples([2, 2, 900, 2, 2]).median == 2)
  }

  @Test func `the least of all, in whatever order`() {
    #expect(Samples([3, 0.5, 2]).minimum == 0.5)
  }
}
