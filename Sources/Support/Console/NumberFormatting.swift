import Foundation

extension Int {
  /// With commas between thousands.
  package var grouped: String {
    let digits = Array(String(magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }

  /// Bytes in the unit that suits them.
  package var inMemoryUnits: String {
    self < 1 << 30
      ? "\((Double(self) / Double(1 << 20)).decimals(0)) MiB" : "\((Double(self) / Double(1 << 30)).decimals(2)) GiB"
  }
}

extension Double {
  /// With so many digits after the point.
  package func decimals(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
