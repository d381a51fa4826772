import Support
import Synchronization

/// A count of pictures by outcome, which shows progress and decides which failures end a run. Thread-safe.
final class Tally: Sendable {
  private struct State {
    var summary = InpaintingSummary()
    var fatal: Failure?
  }

  private let state: Mutex<State>
  private let isFolder: Bool
  private let console: Console
  /// Nil for a single picture.
  private let progress: ProgressBar?

  /// - Parameters:
  ///   - total: The number of pictures that will be finished or skipped.
  ///   - existing: The number of pictures that are left out, as their results exist.
  init(total: Int, existing: Int, isFolder: Bool, console: Console) {
    var state = State()
    state.summary.existing = existing
    self.state = Mutex(state)
    self.isFolder = isFolder
    self.console = console
    progress = isFolder && total > 0 ? ProgressBar(total: total, unit: "picture", console: console) : nil
  }

  var summary: InpaintingSummary { state.withLock { $0.summary } }

  /// Removes the bar.
  func finish() { progress?.finish() }

  /// Records that a picture has its result.
  func finished(_ task: InpaintingTask, _ outcome: String) {
    update(images: 1) { state in
      state.summary.done += 1
      if !isFolder { state.summary.outcome = "\(task.output.path): \(outcome)" }
    }
  }

  /// Records that a picture of a folder cannot be used.
  func skip(_ name: String, _ reason: Sentence) {
    console.warn("\(name) is skipped: \(reason)" as Sentence)
    update(images: 0) { $0.summary.skipped += 1 }
  }

  /// - Throws: The failure that has ended the run, if one has.
  func throwFatal() throws {
    if let fatal = state.withLock({ $0.fatal }) { throw fatal }
  }

  /// The kinds of failures of inputs that may concern a single picture.
  static let inputFaults: [Failure.Kind] = [.data, .missingInput, .inputOutput]
  /// The same for outputs: failures of writing are not among them, as the next picture would fail, too.
  static let outputFaults: [Failure.Kind] = [.data, .exists]

  /// Runs a function for a picture. In a folder, the picture is skipped if it fails with one of `faults`; other
  /// failures end the run.
  ///
  /// - Returns: Nil if it failed; then this picture is done.
  func attempt<Result>(_ task: InpaintingTask, skippingAt faults: [Failure.Kind], _ body: () throws -> Result)
    -> Result?
  {
    do {
      return try body()
    } catch {
      let failure = error as? Failure ?? Failure(.internalError, "\(task.name): \(error)")
      if isFolder && faults.contains(failure.kind) {
        skip(task.name, failure.sentence)
      } else {
        state.withLock { $0.fatal = $0.fatal ?? failure }
      }
      return nil
    }
  }

  private func update(images: Int, _ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      let summary = state.summary
      progress?.update(step: summary.done + summary.skipped, images: images, losses: [])
    }
  }
}
