import Foundation
import Glibc
import Support

/// An event file of TensorBoard, with losses as scalars and samples as images.
///
/// Every event is a record of a TFRecord file: the length in 8 bytes, its masked CRC-32C, the message, the message's
/// masked CRC-32C. A run writes one file each time it is started; TensorBoard joins the files of a folder in the
/// order of their names. Failures are of the kind `inputOutput`.
///
/// The messages: `event.proto` and `summary.proto` of TensorFlow; the file format: `record_writer.h` there.
package final class EventFile {
  /// An image with its tag.
  package struct Image {
    package let tag: String
    package let width: Int
    package let height: Int
    /// 1 for gray, 3 for RGB.
    package let channels: Int
    /// The bytes of the PNG file.
    package let png: [UInt8]

    package init(tag: String, width: Int, height: Int, channels: Int, png: [UInt8]) {
      self.tag = tag
      self.width = width
      self.height = height
      self.channels = channels
      self.png = png
    }
  }

  package var path: String { file.path }
  private let file: AppendingFile

  /// Creates a new file in the folder.
  ///
  /// Every file begins with a `SessionLog` event with the step at which it starts: TensorBoard then discards events of that
  /// step and later ones from earlier files. The file of a new run has the event too, for TensorBoard ignores the first one.
  ///
  /// - Parameter step: The step of the checkpoint from which the run is resumed; 0 for a new run.
  package init(folder: String, resumingAfter step: Int = 0) throws {
    let path = "\(folder)/\(try EventFile.name(in: folder))"
    file = try AppendingFile(path, mustBeNew: true)
    try append { $0.append(field: EventField.fileVersion, string: "brain.Event:2") }
    try append(step: step + 1) { event in
      event.append(field: EventField.sessionLog) { $0.append(field: 1, integer: SessionStatus.start) }
    }
  }

  /// Appends the scalars of a step, as 32-bit numbers.
  package func append(step: Int, scalars: [(tag: String, value: Double)]) throws {
    try append(step: step) { event in
      event.append(field: EventField.summary) { summary in
        for scalar in scalars {
          summary.append(field: 1) { value in
            value.append(field: ValueField.tag, string: scalar.tag)
            value.append(field: ValueField.simpleValue, float: Float(scalar.value))
          }
        }
      }
    }
  }

  /// Appends the images of a step.
  package func append(step: Int, images: [Image]) throws {
    try append(step: step) { event in
      event.append(field: EventField.summary) { summary in
        for image in images {
          summary.append(field: 1) { value in
            value.append(field: ValueField.tag, string: image.tag)
            value.append(field: ValueField.image) { picture in
              picture.append(field: 1, integer: image.height)
              picture.append(field: 2, integer: image.width)
              picture.append(field: 3, integer: image.channels)
              picture.append(field: 4, bytes: image.png)
            }
          }
        }
      }
    }
  }

  private func append(step: Int? = nil, _ body: (inout ProtocolBuffer) -> Void) throws {
    var event = ProtocolBuffer()
    event.append(field: EventField.wallTime, double: Date().timeIntervalSince1970)
    if let step { event.append(field: EventField.step, integer: step) }
    body(&event)
    try file.append(EventFile.record(event.bytes))
  }

  /// A message as a TFRecord: with its length and checksums.
  static func record(_ message: [UInt8]) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(message.count).littleEndian, Array.init)
    func check(_ bytes: [UInt8]) -> [UInt8] {
      withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian, Array.init)
    }
    return length + check(length) + message + check(message)
  }

  /// A name for a new file, `events.out.tfevents.<seconds>.<host>.<process>`, which sorts after those of the files in the
  /// folder even if a run is resumed within the same second, or after the clock was set back.
  private static func name(in folder: String) throws -> String {
    let prefix = "events.out.tfevents."
    let newest = try FileReader.names(in: folder).compactMap { name in
      name.hasPrefix(prefix) ? name.dropFirst(prefix.count).split(separator: ".").first.flatMap { Int($0) } : nil
    }.max()
    let now = Int(Date().timeIntervalSince1970)
    let seconds = newest.map { max(now, $0 < 9_999_999_999 ? $0 + 1 : now) } ?? now
    let digits = String(seconds)
    let host = ProcessIdentity.hostName.replacing("/", with: "_")
    return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits + ".\(host).\(getpid())"
  }
}

/// Fields of the message `Event`.
private enum EventField {
  static let wallTime: UInt64 = 1
  static let step: UInt64 = 2
  static let fileVersion: UInt64 = 3
  static let summary: UInt64 = 5
  static let sessionLog: UInt64 = 7
}

/// Fields of the message `Summary.Value`.
private enum ValueField {
  static let tag: UInt64 = 1
  static let simpleValue: UInt64 = 2
  static let image: UInt64 = 4
}

/// The values of `SessionLog.status`.
private enum SessionStatus {
  static let start = 1
}

/// A recorder that writes scalars for TensorBoard: those of the first 100 steps, of every tenth later, and of every
/// validation. Curves need no more, and event files stay small.
final class EventsRecorder: Recorder {
  private let file: EventFile
  private let validationInterval: Int

  /// - Parameter validationInterval: The number of steps between validations; 0 for no validation.
  init(_ file: EventFile, validationInterval: Int) {
    self.file = file
    self.validationInterval = validationInterval
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    let step = state.step
    let isValidated = validationInterval > 0 && step % validationInterval == 0
    guard step <= 100 || step % 10 == 0 || isValidated else { return }
    try file.append(step: step, scalars: report.values.map { (tag: $0.key, value: $0.value) })
  }
}
