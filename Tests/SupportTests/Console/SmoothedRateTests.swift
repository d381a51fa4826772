import Testing

@testable import Support

struct SmoothedRateTests {
  @Test func `a steady pace is its own mean`() throws {
    var rate = SmoothedRate(memory: 10)
    #expect(rate.perSecond == nil)
    for _ in 0..<100 { rate.add(4, seconds: 0.5) }
    #expect(abs(try #require(rate.perSecond) - 8) < 1e-9)
  }

  @Test func `after a change the new pace takes over`() throws {
    var rate = SmoothedRate(memory: 10)
    for _ in 0..<100 { rate.add(1, seconds: 1) }
    rate.add(5, seconds: 1)
    let soon = try #require(rate.perSecond)
    #expect(soon > 1 && soon < 2)
    for _ in 0..<100 { rate.add(5, seconds: 1) }
    #expect(abs(try #require(rate.perSecond) - 5) < 0.01)
  }

  @Test func `times that cannot be are left out`() {
    var rate = SmoothedRate()
    rate.add(1, seconds: 0)
    rate.add(1, seconds: -1)
    rate.add(1, seconds: .nan)
    rate.add(1, seconds: .infinity)
    #expect(rate.perSecond == nil)
    rate.add(3, seconds: 2)
    #expect(rate.perSecond == 1.5)
  }
}
