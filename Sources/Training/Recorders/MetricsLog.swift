import Support

/// The metrics log `metrics.jsonl`: one JSON object per line and one line per step, which has the values of a validation too
/// if there was one.
///
/// Failures are of the kind `inputOutput`, unless said otherwise.
package final class MetricsLog {
  /// The number of lines that were dropped because they could not be parsed when the log was resumed, as after a power
  /// failure.
  package let damagedLines: Int
  /// The validations up to the step at which the log was resumed.
  package let history: ValidationHistory
  private let file: AppendingFile

  /// Opens the log.
  ///
  /// - Parameter step: The step of the checkpoint from which the run is resumed: lines of later steps, and an incomplete
  ///   last line, are dropped by rewriting the file atomically. Nil creates a new log.
  /// - Throws: `Failure`; of the kind `exists` if a new log is to be created and the file exists.
  package init(path: String, resumingAfter step: Int? = nil) throws {
    (damagedLines, history) = try step.map { try MetricsLog.rewind(path, to: $0) } ?? (0, ValidationHistory())
    file = try AppendingFile(path, mustBeNew: step == nil)
  }

  /// Appends a line: the step, its phase if there is one, then the values in the order given. A value that is not finite
  /// becomes `null`.
  ///
  /// - Precondition: No key repeats, and none is `step` or `phase`.
  package func append(step: Int, phase: String? = nil, _ values: [(key: String, value: Double)]) throws {
    let place = [(key: "step", value: JSONValue(step))] + (phase.map { [(key: "phase", value: JSONValue($0))] } ?? [])
    let members = place + values.map { (key: $0.key, value: JSONValue($0.value)) }
    try file.append(line: JSONValue(members).write())
  }

  /// Waits until every line is on disk (`fsync`), as before a checkpoint: a resumed run then has the metrics of all steps
  /// up to the checkpoint.
  package func synchronize() throws {
    try file.synchronize()
  }

  /// Drops the lines of steps after `step`, and damaged lines.
  ///
  /// - Returns: The number of damaged lines, apart from an incomplete last one, and the validations up to `step`.
  private static func rewind(_ path: String, to step: Int) throws -> (Int, ValidationHistory) {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path)
    } catch let failure as Failure where failure.kind == .missingInput {
      return (0, ValidationHistory())
    }
    let newline = UInt8(ascii: "\n")
    var kept: [UInt8] = []
    var damaged = 0
    var history = ValidationHistory()
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: newline)
      let line = bytes[start..<(end ?? bytes.count)]
      let value = try? JSONValue(parsing: Array(line), as: .strict, source: "", kind: .data)
      if let value, case .number(let number)? = value["step"]?.content, let lineStep = number.integer {
        if lineStep <= step {
          kept += line + [newline]
          history.append(ofMetrics: value, step: lineStep)
        }
      } else if end != nil {
        damaged += 1
      }
      start = (end ?? bytes.count) + 1
    }
    if kept != bytes { try FileWriter.writeAtomically(kept, to: path) }
    return (damaged, history)
  }
}

/// A recorder that appends the values of every step to `metrics.jsonl`.
final class MetricsRecorder: Recorder {
  private let log: MetricsLog

  init(_ log: MetricsLog) { self.log = log }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    try log.append(step: state.step, phase: report.phase, report.values)
  }
}
