import Support
import Synchronization

/// Counts what becomes of the pictures, shows it, and decides which failures end a run. Used from several threads.
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
  ///   - total: The pictures that will be finished or skipped.
  ///   - existing: Those that are left alone, as their results exist.
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

  /// A picture has its result.
  func finished(_ task: InpaintingTask, _ outcome: String) {
    update(images: 1) { state in
      state.summary.done += 1
      if !isFolder { state.summary.outcome = "\(task.output.path): \(outcome)" }
    }
  }

  /// A picture of a folder cannot be used.
  func skip(_ name: String, _ reason: Sentence) {
    console.warn("\(name) is skipped: \(reason)" as Sentence)
    update(images: 0) { $0.summary.skipped += 1 }
  }

  /// - Throws: The failure that has ended the run, if one has.
  func throwFatal() throws {
    if let fatal = state.withLock({ $0.fatal }) { throw fatal }
  }

  /// The failures that may concern one picture while others are in order.
  static let inputFaults: [Failure.Kind] = [.data, .missingInput, .inputOutput]
  /// And with its result: a disk that cannot be written to will do no better with the next one.
  static let outputFaults: [Failure.Kind] = [.data, .exists]

  /// Does something for a picture. Of a folder, it is skipped if that fails in one of some ways; other failures end the
  /// run.
  ///
  /// - Returns: Nil if it failed; then nothing more is to be done for this picture.
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
