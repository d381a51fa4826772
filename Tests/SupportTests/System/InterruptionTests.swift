import Testing

@testable import Support

struct InterruptionTests {
  @Test func `a wish is granted once`() {
    let interruption = Interruption()
    #expect(!interruption.takeCheckpointRequest() && !interruption.takeSamplesRequest())
    interruption.requestCheckpoint()
    #expect(interruption.takeCheckpointRequest() && !interruption.takeCheckpointRequest())
    #expect(!interruption.takeSamplesRequest())
    interruption.requestCheckpoint(samples: true)
    #expect(interruption.takeSamplesRequest() && interruption.takeCheckpointRequest())
    #expect(!interruption.takeSamplesRequest() && interruption.requested == nil)
  }
}
