/// The time that training steps take.
struct StepMeasurement {
  let threads: Int
  let batch: Int
  /// The wall time of each step after the warm-up, with waiting for data.
  let seconds: Samples
  /// The part of each that was spent waiting for data.
  let waited: Samples

  var stepsPerSecond: Double { 1 / seconds.median }
  var picturesPerSecond: Double { Double(batch) / seconds.median }

  /// - Parameter warmUp: How many steps, the first, are left out.
  /// - Precondition: There are more.
  init(_ times: StepTimes, warmUp: Int, threads: Int, batch: Int) {
    self.threads = threads
    self.batch = batch
    seconds = Samples(Array(times.seconds.dropFirst(warmUp)))
    waited = Samples(Array(times.waited.dropFirst(warmUp)))
  }
}

/// Keeps the times of all steps.
final class StepTimes: Recorder {
  private(set) var seconds: [Double] = []
  private(set) var waited: [Double] = []
  /// For other processes, by this one.
  private(set) var waitedForOthers: [Double] = []

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    seconds.append(report.seconds)
    waited.append(report.waited)
    waitedForOthers.append(report.waits.first ?? 0)
  }
}
