import Imaging
import Support

/// A recorder that fills fixed validation pictures before the first step, at intervals, after the last step and on
/// request by a signal, and writes a sheet of them: a PNG file, and an image for TensorBoard. All ranks fill pictures;
/// rank 0 writes.
final class SamplesRecorder: Recorder {
  private let validation: Validation
  /// Created with the first sheet: its fills by patches take time, which a run without sheets saves.
  private lazy var samples = SampleSheet(validation)
  private let interval: Interval
  private let directory: RunDirectory
  private let events: EventFile?
  private let interruption: Interruption

  /// - Parameters:
  ///   - events: The event file; nil on ranks other than 0.
  ///   - interruption: The source of requests for sheets by signals.
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
