import Support
import Testing

@testable import Training

@Suite struct StepNewsTests {
  @Test func `news are the same after their way to another process`() {
    var news = StepNews()
    #expect(StepNews(news.bytes) == news)
    news.wantsSamples = true
    news.secondsWaited = 1.25
    news.warnings = ["a picture é is skipped", "another"]
    #expect(StepNews(news.bytes) == news)
  }

  @Test func `a wish of one is granted by all, once`() throws {
    let granted = try inRanks(3) { group -> [Bool] in
      let interruption = Interruption()
      let news = NewsExchange(group, interruption: interruption)
      return try (1...5).map { step in
        // A launcher passes a signal on to all, which see it at different times.
        if step == 2 && group.rank == 1 { interruption.requestCheckpoint(samples: true) }
        if step == 3 && group.rank == 2 { interruption.requestCheckpoint(samples: true) }
        _ = try news.exchange()
        // Who does not write takes no wishes for checkpoints.
        let samples = interruption.takeSamplesRequest()
        return group.isFirst ? interruption.takeCheckpointRequest() : samples
      }
    }.map { try $0.get() }
    #expect(granted.allSatisfy { $0 == [false, true, false, false, false] })
  }

  @Test func `a process alone keeps its wishes for its recorders`() throws {
    let interruption = Interruption()
    interruption.requestCheckpoint()
    #expect(try NewsExchange(SingleProcess(), interruption: interruption).exchange().waits.isEmpty)
    #expect(interruption.takeCheckpointRequest())
  }

  @Test func `warnings of others are shown by the first, and how long each has waited`() throws {
    let waits = try inRanks(2) { group -> [Double] in
      let warnings = WarningQueue()
      if group.rank == 1 { warnings.add("a picture is skipped") }
      return try NewsExchange(group, interruption: Interruption(), warnings: warnings).exchange().waits
    }.map { try $0.get() }
    #expect(waits == [[0, 0], [0, 0]])
  }
}
