import Foundation
import Support
import Synchronization

/// The curves of runs, read incrementally as `metrics.jsonl` grows.
final class RunMetrics: Sendable {
  /// A value and the step at which it was measured.
  struct Point: Equatable, Sendable {
    let step: Int
    let value: Double
  }

  fileprivate struct Log {
    /// The number of bytes that were parsed, up to the end of a line.
    var position = 0
    /// The first bytes, which reveal another log of the same name.
    var start: [UInt8] = []
    /// The names of the curves, in the order in which they appeared.
    var names: [String] = []
    var curves: [String: [Point]] = [:]
  }

  /// The maximum number of bytes that are read.
  private static let readingLimit = 256 << 20

  private let logs = Mutex<[String: Log]>([:])

  /// The curves of a log by their names, each of at most `count` points; more are averaged.
  ///
  /// - Throws: `Failure` of the kind `inputOutput`.
  func curves(of path: String, count: Int = 400) throws -> [(name: String, points: [Point])] {
    try logs.withLock { logs in
      var log = logs[path] ?? Log()
      let bytes = Path.exists(path) ? try FileReader.read(path, limit: Self.readingLimit) : []
      if bytes.count < log.position || !bytes.starts(with: log.start) { log = Log() }
      log.take(bytes)
      logs[path] = log
      return log.names.map { ($0, Self.thinned(log.curves[$0] ?? [], to: count)) }
    }
  }

  static func thinned(_ points: [Point], to count: Int) -> [Point] {
    guard points.count > count else { return points }
    return (0..<count).map { index in
      let part = points[index * points.count / count..<(index + 1) * points.count / count]
      return Point(step: part[part.endIndex - 1].step, value: part.reduce(0) { $0 + $1.value } / Double(part.count))
    }
  }
}

extension RunMetrics.Log {
  /// Parses the complete lines that are new. Invalid lines are skipped.
  fileprivate mutating func take(_ bytes: [UInt8]) {
    if start.isEmpty { start = Array(bytes.prefix(256)) }
    while let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
      defer { position = end + 1 }
      let line = Array(bytes[position..<end])
      guard let value = try? JSONValue(parsing: line, as: .strict, source: "", kind: .data),
        case .number(let number)? = value["step"]?.content, let step = number.integer
      else { continue }
      for member in value.members ?? [] where member.key != "step" {
        guard case .number(let number) = member.value.content, number.real.isFinite else { continue }
        if curves[member.key] == nil {
          guard names.count < 64 else { continue }
          names.append(member.key)
        }
        // A run that was resumed from an older checkpoint has written steps again.
        while let last = curves[member.key]?.last, last.step >= step { curves[member.key]?.removeLast() }
        curves[member.key, default: []].append(RunMetrics.Point(step: step, value: number.real))
      }
    }
  }
}
