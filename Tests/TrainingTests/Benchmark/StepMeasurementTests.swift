import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct StepMeasurementTests {
  private func measurement(of text: String, warmUp: Int) throws -> StepMeasurement {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically(text, to: folder.file("metrics.jsonl"))
    return try StepMeasurement(metrics: folder.file("metrics.jsonl"), warmUp: warmUp, threads: 2, batch: 8)
  }

  @Test func `the first steps are left out`() throws {
    let steps = try measurement(
      of: """
        {"step":1,"seconds":9,"images_per_second":1,"data_wait_seconds":5}
        {"step":2,"seconds":2,"images_per_second":4,"data_wait_seconds":0}
        {"step":3,"seconds":4,"images_per_second":2,"data_wait_seconds":0.5}
        {"step":4,"seconds":3,"images_per_second":3,"data_wait_seconds":0.25}

        """, warmUp: 1)
    #expect(steps.seconds.values == [2, 4, 3])
    #expect(steps.waited.values == [0, 0.5, 0.25])
    #expect(steps.picturesPerSecond == 8.0 / 3)
    #expect(steps.stepsPerSecond == 1.0 / 3)
  }

  @Test func `too few steps, and lines without times, are refused`() {
    let short = "{\"step\":1,\"seconds\":9,\"data_wait_seconds\":5}\n"
    #expect(failure { _ = try measurement(of: short, warmUp: 1) }?.message.contains("more than 1 lines") == true)
    #expect(failure { _ = try measurement(of: "{\"step\":1}\n", warmUp: 0) }?.message.contains("`seconds`") == true)
  }
}
