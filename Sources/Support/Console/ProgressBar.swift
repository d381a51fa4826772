import Foundation
import Synchronization

/// The progress of training on standard error: a bar that is redrawn on a terminal, occasional lines otherwise.
package final class ProgressBar: Sendable {
  /// Seconds between two drawings of the bar, and between two lines without a terminal.
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
  ///   - step: The number of steps that a resumed run has already done.
  ///   - unit: The name of what is counted.
  package convenience init(
    total: Int, after step: Int = 0, unit: String = "step", console: Console = .standardError
  ) {
    self.init(total: total, after: step, unit: unit, console: console, now: ProgressBar.clock)
  }

  package init(total: Int, after step: Int, unit: String = "step", console: Console, now: Double) {
    self.console = console
    state = Mutex(State(report: ProgressReport(step: step, total: total, unit: unit), updated: now))
  }

  /// Records that `step` is done.
  ///
  /// - Parameters:
  ///   - images: The number of images processed since the last update.
  ///   - losses: The loss terms, in the order in which they are shown.
  ///   - phase: The training phase of the step, if there are several.
  ///   - remark: A note on the speed.
  package func update(
    step: Int, images: Int, losses: [(name: String, value: Double)], phase: String? = nil, remark: String? = nil
  ) {
    update(step: step, images: images, losses: losses, phase: phase, remark: remark, now: ProgressBar.clock)
  }

  /// Excludes the time since the last update from the rates, as it was spent on validation or a checkpoint.
  package func skipTime() {
    state.withLock { $0.updated = ProgressBar.clock }
  }

  /// Writes a warning above the bar.
  package func warn(_ message: String) {
    console.warn(message)
  }

  /// Removes the bar and leaves the last report as a line. Call it once, also after an interruption.
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

  /// Shows the report, at most once per interval.
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

  /// Seconds on a monotonic clock.
  private static var clock: Double {
    let elapsed = ContinuousClock.now - start
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  private static let start = ContinuousClock.now
}

/// A snapshot of a training's progress and its text, independent of clock and terminal.
package struct ProgressReport {
  package var step: Int
  package var total: Int
  /// The name of what is counted.
  package var unit = "step"
  /// The current training phase, if there are several.
  package var phase: String?
  /// The loss terms, in the order in which they are shown.
  package var losses: [(name: String, value: Double)] = []
  package var imagesPerSecond: Double?
  /// Not shown once the training is done.
  package var secondsLeft: Double?
  /// A note on the speed, such as which process waits for which.
  package var remark: String?

  /// A line of its own for logs: `step 120/1000 (12%)  l1 0.1234  8.1 images/s  2 min 05 s left`.
  package var line: String {
    (["\(unit) \(count) (\(percent)%)"] + (phase.map { [$0] } ?? []) + lossTexts + pace).joined(separator: "  ")
  }

  /// A bar for terminals, never longer than `width` columns.
  ///
  /// Parts that do not fit are dropped, the least important first: the length of the bar, the last losses, the speed,
  /// the bar.
  package func bar(width: Int) -> String {
    let head = "\(percent)% \(count)" + (phase.map { " " + $0 } ?? "")
    var losses = lossTexts
    var pace = self.pace
    while true {
      let rest = [""] + losses + pace
      let tail = rest.joined(separator: "  ")
      let room = width - head.count - tail.count - 3
      if room >= 8 { return "[\(drawing(length: min(room, 30)))] \(head)\(tail)" }
      if !losses.isEmpty {
        losses.removeLast()
      } else if !pace.isEmpty {
        pace.removeFirst()
      } else {
        return String(head.prefix(max(0, width)))
      }
    }
  }

  /// The part that is done, in 0...1; a training of no steps is done.
  private var fraction: Double {
    total > 0 ? min(1, max(0, Double(step) / Double(total))) : 1
  }

  /// Rounded down, so that 100 means done.
  private var percent: Int { Int(fraction * 100) }
  private var count: String { "\(step)/\(total)" }

  /// The inside of the bar.
  private func drawing(length: Int) -> String {
    let done = Int(fraction * Double(length))
    let head = done < length && done > 0 ? ">" : ""
    let line = String(repeating: "=", count: done - head.count) + head
    return line + String(repeating: " ", count: length - done)
  }

  /// Four significant digits a loss: more would only flicker.
  private var lossTexts: [String] {
    losses.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
  }

  /// The speed and the remaining time, as far as they are known.
  private var pace: [String] {
    var pace: [String] = []
    if let imagesPerSecond { pace.append(String(format: "%.3g images/s", imagesPerSecond)) }
    if let remark { pace.append(remark) }
    if let secondsLeft, step < total { pace.append(ProgressReport.duration(secondsLeft) + " left") }
    return pace
  }

  /// The two largest units: `45 s`, `12 min 30 s`, `2 h 05 min`, `3 d 04 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 1e9 else { return "ages" }
    let whole = Int(seconds.rounded())
    func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
      "\(large) \(largeUnit) \(small < 10 ? "0" : "")\(small) \(smallUnit)"
    }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
    case ..<86400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
    default: return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
    }
  }
}

/// The current rate of work: an exponential moving average over time.
///
/// Work and time are averaged separately and then divided, so that many short steps weigh no more than few long ones.
package struct SmoothedRate {
  /// The time constant in seconds, after which work has 1/e of its weight.
  package let memory: Double
  private var work = 0.0
  private var seconds = 0.0

  package init(memory: Double = 60) {
    self.memory = memory
  }

  /// - Parameter seconds: The duration of the work; ignored unless it is finite and positive.
  package mutating func add(_ work: Double, seconds: Double) {
    guard seconds > 0, seconds.isFinite else { return }
    let decay = exp(-seconds / memory)
    self.work = self.work * decay + work
    self.seconds = self.seconds * decay + seconds
  }

  /// Work per second; nil before any was added.
  package var perSecond: Double? {
    seconds > 0 && work > 0 ? work / seconds : nil
  }
}
