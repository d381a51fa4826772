import Imaging
import Support

/// Fills the same pictures now and then, at the beginning, after the last step and when it is asked to, and writes a sheet
/// of them: a PNG file, and a picture for TensorBoard. All processes fill, and the first writes.
final class SamplesRecorder: Recorder {
  private let validation: Validation
  /// Made for the first sheet: patches take a while, and a run without sheets needs none.
  private lazy var samples = SampleSheet(validation)
  private let interval: Interval
  private let directory: RunDirectory
  private let events: EventFile?
  private let interruption: Interruption

  /// - Parameters:
  ///   - events: Nil in processes that do not write.
  ///   - interruption: What asks for sheets between those that are due.
  init(
    _ validation: Validation, interval: Interval, directory: RunDirectory, events: EventFile?,
    interruption: Interruption
  ) {
    self.validation = validation
    self.interval = interval
    self.directory = directory
    self.events = events
    self.interruption = interruption
  }

  func runBegan(_ state: TrainingState) throws {
    if state.step == 0 && interval.length > 0 { try write(state) }
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    let isAskedFor = interruption.takeSamplesRequest()
    if interval.isDue(state.step) || isAskedFor { try write(state) }
  }

  private func write(_ state: TrainingState) throws {
    let sheet = try state.evaluating { try samples.picture(of: $0) }
    guard let events else { return }
    let png = try sheet.pngData()
    try FileWriter.writeAtomically(png, to: directory.sample(step: state.step))
    try events.append(
      step: state.step,
      images: [.init(tag: "samples", width: sheet.width, height: sheet.height, channels: sheet.channels, png: png)])
  }
}
