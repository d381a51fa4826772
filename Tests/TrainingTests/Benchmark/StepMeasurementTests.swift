import Testing

@testable import Training

@Suite struct StepMeasurementTests {
  private func times() throws -> StepTimes {
    let times = StepTimes()
    let state = try TrainingState(SmallRun().configuration, console: .silent)
    for (seconds, waited) in [(9, 5), (2, 0), (4, 0.5), (3, 0.25)] as [(Double, Double)] {
      var report = StepReport()
      report.seconds = seconds
      report.waited = waited
      times.stepEnded(&report, state)
    }
    return times
  }

  @Test func `the first steps are left out`() throws {
    let steps = StepMeasurement(try times(), warmUp: 1, threads: 2, batch: 8)
    #expect(steps.seconds.values == [2, 4, 3])
    #expect(steps.waited.values == [0, 0.5, 0.25])
    #expect(steps.picturesPerSecond == 8.0 / 3)
    #expect(steps.stepsPerSecond == 1.0 / 3)
  }
}

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
