import Testing

@testable import Support

struct ValueRangeTests {
  @Test func `ranges of reals are said as people say them`() {
    #expect(ClosedRange.finite.expectation == "a number")
    #expect(ClosedRange.positive.expectation == "a number above 0")
    #expect(ClosedRange.nonNegative.expectation == "a number from 0 up")
    #expect((0...1.0).expectation == "a number from 0 to 1")
    #expect((0.1...0.25).expectation == "a number from 0.1 to 0.25")
    #expect(ClosedRange.from(-1, below: 1).expectation == "a number from -1 to below 1")
    #expect((Double.leastNonzeroMagnitude...1).expectation == "a number above 0 and up to 1")
    #expect((-Double.greatestFiniteMagnitude...3).expectation == "a number up to 3")
  }

  @Test func `ranges of whole numbers are said as people say them`() {
    #expect((Int.min...Int.max).expectation(of: "n") == "n")
    #expect((1...Int.max).expectation(of: "n") == "n from 1 up")
    #expect((Int.min...5).expectation(of: "n") == "n up to 5")
    #expect((1...5).expectation(of: "n") == "n from 1 to 5")
  }
}
