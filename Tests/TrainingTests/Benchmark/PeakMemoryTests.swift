import Testing

@testable import Training

@Suite struct PeakMemoryTests {
  @Test func `kibibytes become bytes`() {
    let status = "Name:\ttrain\nVmPeak:\t  999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t  12 kB\n"
    #expect(PeakMemory.resident(inStatus: status) == 2 << 20)
    #expect(PeakMemory.resident(inStatus: "Name:\ttrain\n") == nil)
  }

  @Test func `this process has some`() throws {
    #expect(try #require(PeakMemory.resident) > 1 << 20)
  }
}
