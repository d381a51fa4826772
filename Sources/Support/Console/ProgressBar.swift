import Synchronization

/// Shows on standard error how a training goes: a bar that is redrawn on a terminal, a line now and then otherwise.
package final class ProgressBar: Sendable {
  /// Seconds between redrawings of the bar, and between lines where there is no terminal.
  private static let barInterval = 0.1
  private static let lineInterval = 15.0

  private struct State {
    var report: ProgressReport
    /// The last update, and what was shown last, in seconds on the caller's clock.
    var updated: Double
    var shown: Double?
    var shownStep: Int?
    var steps = SmoothedRate()
    var images = SmoothedRate()
  }

  private let console: Console
  private let state: Mutex<State>

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - total: The step at which the training ends.
  ///   - step: The steps done before, by the run that is resumed.
  ///   - unit: What is counted.
  package convenience init(
    total: Int, after step: Int = 0, unit: String = "step", console: Console = .standardError
  ) {
    self.init(total: total, after: step, unit: unit, console: console, now: ProgressBar.clock)
  }

  package init(total: Int, after step: Int, unit: String = "step", console: Console, now: Double) {
    self.console = console
    state = Mutex(State(report: ProgressReport(step: step, total: total, unit: unit), updated: now))
  }

  /// Tells that `step` has been done.
  ///
  /// - Parameters:
  ///   - images: The number of pictures that this step, or these steps, took.
  ///   - losses: In the order in which they are shown.
  ///   - phase: The name of the part of the training that the step belongs to, if there are several.
  ///   - remark: Something about the pace.
  package func update(
    step: Int, images: Int, losses: [(name: String, value: Double)], phase: String? = nil, remark: String? = nil
  ) {
    update(step: step, images: images, losses: losses, phase: phase, remark: remark, now: ProgressBar.clock)
  }

  /// Leaves out the time since the last update, which was spent on something else than steps: validation, a checkpoint.
  package func skipTime() {
    state.withLock { $0.updated = ProgressBar.clock }
  }

  /// Writes a warning above the bar.
  package func warn(_ message: String) {
    console.warn(message)
  }

  /// Removes the bar and leaves the last report as a line. To be called once, also after an interruption.
  package func finish() {
    state.withLock { state in
      console.show(status: "")
      if state.shownStep != state.report.step || console.isTerminal { console.write(line: state.report.line) }
    }
  }

  package func update(
    step: Int, images: Int, losses: [(name: String, value: Double)], phase: String? = nil, remark: String? = nil,
    now: Double
  ) {
    state.withLock { state in
      let seconds = now - state.updated
      state.steps.add(Double(step - state.report.step), seconds: seconds)
      state.images.add(Double(images), seconds: seconds)
      state.updated = now
      state.report.step = step
      state.report.losses = losses
      state.report.phase = phase
      state.report.remark = remark
      state.report.imagesPerSecond = state.images.perSecond
      state.report.secondsLeft = state.steps.perSecond.map { Double(state.report.total - step) / $0 }
      show(&state, now: now)
    }
  }

  /// Shows the report, unless something was shown a moment ago.
  private func show(_ state: inout State, now: Double) {
    let interval = console.isTerminal ? ProgressBar.barInterval : ProgressBar.lineInterval
    if let shown = state.shown, now - shown < interval, state.report.step < state.report.total { return }
    state.shown = now
    state.shownStep = state.report.step
    if console.isTerminal {
      // The last column stays free: some terminals wrap as soon as it is filled.
      console.show(status: state.report.bar(width: console.width - 1))
    } else {
      console.write(line: state.report.line)
    }
  }

  /// Seconds since some moment, unmoved by changes of the date.
  private static var clock: Double {
    let elapsed = ContinuousClock.now - start
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  private static let start = ContinuousClock.now
}
