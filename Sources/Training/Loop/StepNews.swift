import Foundation
package import InpaintingModels
import Support

/// The message that ranks exchange after each step, before its recorders are called.
struct StepNews: Equatable {
  /// Requests by SIGUSR1 and SIGUSR2, which a launcher forwards to all ranks or to one.
  var wantsCheckpoint = false
  var wantsSamples = false
  /// The seconds that the rank has waited for other ranks during the step.
  var secondsWaited = 0.0
  /// The warnings of the rank, which rank 0 prints.
  var warnings: [String] = []

  /// The encoded message: 8 bytes of seconds, 1 byte for each request, then the warnings in UTF-8 with zeros between them.
  var bytes: [UInt8] {
    [UInt8](bitsOf: secondsWaited) + [wantsCheckpoint ? 1 : 0, wantsSamples ? 1 : 0]
      + Array(warnings.joined(separator: "\0").utf8)
  }

  init() {}

  /// Decodes a message.
  ///
  /// - Precondition: There are 10 bytes at least.
  init(_ bytes: [UInt8]) {
    precondition(bytes.count >= 10, "StepNews: found \(bytes.count) bytes")
    secondsWaited = Double(bitPattern: UInt64(littleEndian: bytes[..<8]))
    wantsCheckpoint = bytes[8] != 0
    wantsSamples = bytes[9] != 0
    warnings = bytes[10...].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// An exchange of messages between ranks after each step: a checkpoint or samples that one rank is asked for by a signal are
/// made by all ranks in the same step.
final class NewsExchange {
  private let communicator: any Communicator
  private let interruption: Interruption
  private let warnings: WarningQueue
  private let console: Console
  /// True if a request was granted after the last step. The same signal may reach other ranks one step later, and is not
  /// granted twice.
  private var hasGranted = false
  /// The warnings of other ranks that were printed, each once.
  private var shown: Set<String> = []

  /// - Parameters:
  ///   - warnings: The warnings of this rank, for rank 0 to print.
  ///   - console: Prints the warnings of other ranks.
  init(
    _ communicator: any Communicator, interruption: Interruption, warnings: WarningQueue = WarningQueue(),
    console: Console = .silent
  ) {
    self.communicator = communicator
    self.interruption = interruption
    self.warnings = warnings
    self.console = console
  }

  /// Exchanges the messages of all ranks.
  ///
  /// - Returns: `waits`, the seconds that each rank has waited for others during the step, by rank, empty for a single
  ///   process; and `exchanged`, the seconds that this rank has waited for communication.
  /// - Throws: The `Failure` with which another rank has ended.
  func exchange() throws -> (waits: [Double], exchanged: Double) {
    guard communicator.count > 1 else { return ([], 0) }
    let wait = communicator.takeWait()
    var own = StepNews()
    own.wantsCheckpoint = interruption.takeCheckpointRequest()
    // `requestCheckpoint(samples:)` sets the flag for samples first: read last, it is not missed.
    own.wantsSamples = own.wantsCheckpoint && interruption.takeSamplesRequest()
    own.secondsWaited = wait.forOthers
    own.warnings = warnings.take()
    let all = try communicator.allGather(own.bytes).map(StepNews.init)
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

/// A thread-safe queue of warnings on ranks other than 0, which do not print: they are sent to rank 0 after each step.
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

/// The losses and times of a step, as recorders receive them.
package struct StepReport {
  /// The name of the phase that the step belongs to; nil if the run has one phase.
  package internal(set) var phase: String?
  /// The wall time of the step in seconds, with waiting for data.
  package internal(set) var seconds = 0.0
  /// The part of `seconds` spent waiting for the data loader.
  package internal(set) var waited = 0.0
  /// The number of images in the batches of all ranks.
  package internal(set) var images = 0
  /// The seconds that each rank has waited for others during the step, by rank; empty for a single process.
  var waits: [Double] = []
  /// The seconds that this rank has waited for communication, after all ranks had reached the call.
  var exchanged = 0.0
  package internal(set) var terms: [LossTerm] = []
  /// Metrics of the model after the step, such as validation. A recorder adds them for the recorders that are called later.
  package var measurements: [(key: String, value: Double)] = []

  /// All numbers, with the keys of `metrics.jsonl`.
  package var values: [(key: String, value: Double)] {
    [
      ("seconds", seconds), ("images_per_second", Double(images) / seconds), ("data_wait_seconds", waited),
    ] + terms.map { ($0.name, Double($0.value)) } + measurements
  }
}
