import Foundation

extension NumberFormat {
  /// The number in the format's unit, without the unit.
  func text(_ value: Double) -> String { String(format: "%.\(decimals)f", value * factor) }

  /// A difference, always with its sign.
  func signed(_ value: Double) -> String { String(format: "%+.\(decimals)f", value * factor) }

  /// `mean ± half width`; a dash if there is no mean.
  func text(_ interval: MeanInterval?) -> String {
    guard let interval else { return "–" }
    return text(interval.mean) + (interval.halfWidth.map { " ± " + text($0) } ?? "")
  }

  /// A mean difference with its interval.
  func signed(_ interval: MeanInterval) -> String {
    signed(interval.mean) + (interval.halfWidth.map { " ± " + text($0) } ?? "")
  }
}
