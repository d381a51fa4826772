import Testing

@testable import Training

@Suite struct StragglerTests {
  @Test func `who waits least is waited for`() {
    #expect(Straggler([1.9, 1.9, 1.7, 0.1], seconds: 4)?.remark == "rank 3 waits 0.1 s, rank 0 1.9 s")
    #expect(Straggler([0.0, 0.4], seconds: 4) == nil)
    #expect(Straggler([0.0, 0.04], seconds: 0.1) == nil)
    #expect(Straggler([], seconds: 4) == nil && Straggler([1], seconds: 1) == nil)
  }
}
