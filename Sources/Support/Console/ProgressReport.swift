import Foundation

/// The state of a training at one moment, and the words for it. Nothing here looks at a clock or a
/// terminal.
package struct ProgressReport {
  package var step: Int
  package var total: Int
  /// The name of what is counted.
  package var unit = "step"
  /// The name of the part of the training that is under way, if there are several.
  package var phase: String?
  /// In the order they are shown.
  package var losses: [(name: String, value: Double)] = []
  package var imagesPerSecond: Double?
  /// Not shown once the training is done.
  package var secondsLeft: Double?
  /// Something about the pace, such as who waits for whom.
  package var remark: String?

  /// A line of its own for logs: `step 120/1000 (12%)  l1 0.1234  8.1 images/s  2 min 05 s left`.
  package var line: String {
    (["\(unit) \(count) (\(percent)%)"] + (phase.map { [$0] } ?? []) + lossTexts + pace).joined(separator: "  ")
  }

  /// A bar for terminals, never longer than `width` columns.
  ///
  /// What does not fit goes, the least important first: the length of the bar, the last losses, the pace, the bar.
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

  /// Four digits a loss: more only flicker.
  private var lossTexts: [String] {
    losses.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
  }

  /// The speed and the time that is left, as far as they are known.
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
