import Foundation
package import InpaintingModels
import Support

/// The news that the processes of a run exchange between a step and its recorders.
struct StepNews: Equatable {
  /// Wishes by signals, which a launcher passes on to all processes or to one.
  var wantsCheckpoint = false
  var wantsSamples = false
  /// The time that the process has waited for others during the step.
  var secondsWaited = 0.0
  /// Warnings that the first process is to show.
  var warnings: [String] = []

  var bytes: [UInt8] {
    [UInt8](bitsOf: secondsWaited) + [wantsCheckpoint ? 1 : 0, wantsSamples ? 1 : 0]
      + Array(warnings.joined(separator: "\0").utf8)
  }

  init() {}

  /// - Precondition: They are those of news.
  init(_ bytes: [UInt8]) {
    precondition(bytes.count >= 10, "StepNews: found \(bytes.count) bytes")
    secondsWaited = Double(bitPattern: UInt64(littleEndian: bytes[..<8]))
    wantsCheckpoint = bytes[8] != 0
    wantsSamples = bytes[9] != 0
    warnings = bytes[10...].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Exchanges news after each step, and lets all processes grant the wishes of any.
final class NewsExchange {
  private let communicator: any Communicator
  private let interruption: Interruption
  private let warnings: WarningQueue
  private let console: Console
  /// True if the last step granted a wish: the same signal may reach other processes a moment later.
  private var hasGranted = false
  private var shown: Set<String> = []

  /// - Parameters:
  ///   - warnings: Those of this process that the first is to show.
  ///   - console: Shows those of others.
  init(
    _ communicator: any Communicator, interruption: Interruption, warnings: WarningQueue = WarningQueue(),
    console: Console = .silent
  ) {
    self.communicator = communicator
    self.interruption = interruption
    self.warnings = warnings
    self.console = console
  }

  /// - Returns: The seconds that each process has waited for others, by rank, none of a process that trains alone; and
  ///   those that this one has waited for sums.
  func exchange() throws -> (waits: [Double], exchanged: Double) {
    guard communicator.count > 1 else { return ([], 0) }
    let wait = communicator.takeWait()
    var own = StepNews()
    own.wantsCheckpoint = interruption.takeCheckpointRequest()
    // A wish for samples is made before the one for a checkpoint that comes with it.
    own.wantsSamples = own.wantsCheckpoint && interruption.takeSamplesRequest()
    own.secondsWaited = wait.forOthers
    own.warnings = warnings.take()
    let all = try communicator.gathered(own.bytes).map(StepNews.init)
    let (checkpoint, samples) = (all.contains(where: \.wantsCheckpoint), all.contains(where: \.wantsSamples))
    let grants = checkpoint && !hasGranted
    if grants { interruption.requestCheckpoint(samples: samples) }
    hasGranted = grants
    for (rank, news) in all.enumerated() {
      for warning in news.warnings where shown.insert(warning).inserted { console.warn("rank \(rank): \(warning)") }
    }
    return (all.map(\.secondsWaited), wait.forSums)
  }
}

/// Warnings of any thread of a process that does not speak, until the next news.
final class WarningQueue: Sendable {
  private let warnings = Monitor<[String]>([])

  func add(_ warning: String) { warnings.update { $0.append(warning) } }

  func take() -> [String] {
    warnings.update { all in
      defer { all = [] }
      return all
    }
  }
}

/// A step as those are told of it who record it.
package struct StepReport {
  /// The name of the phase that the step belongs to, if the run has several.
  package internal(set) var phase: String?
  /// The step's wall time, with waiting for data.
  package internal(set) var seconds = 0.0
  /// The part of it spent waiting for data.
  package internal(set) var waited = 0.0
  package internal(set) var images = 0
  /// The seconds that each process has waited for others during the step, by rank; none of a process that trains alone.
  var waits: [Double] = []
  /// The seconds in which this process could not go on for want of sums that all were at.
  var exchanged = 0.0
  package internal(set) var terms: [LossTerm] = []
  /// Measurements of the model after the step, by recorders: those that come later are told of them, too.
  package var measurements: [(key: String, value: Double)] = []

  /// All numbers, as `metrics.jsonl` has them.
  package var values: [(key: String, value: Double)] {
    [
      ("seconds", seconds), ("images_per_second", Double(images) / seconds), ("data_wait_seconds", waited),
    ] + terms.map { ($0.name, Double($0.value)) } + measurements
  }
}
