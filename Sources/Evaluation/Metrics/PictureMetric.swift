/// A metric: what it is called, and how it is defined in words.
protocol DescribedMetric {
  /// Such as `PSNR`.
  static var title: String { get }
  /// The definition, in a sentence or two, for people: the only place where it is stated.
  static var definition: String { get }
  static var better: BetterDirection { get }
  /// The form in which tables print it.
  static var format: NumberFormat { get }
  /// True if it says nothing about a picture alone, so that measuring originals is idle.
  static var needsOriginal: Bool { get }
}

/// A metric that pixels are enough for.
protocol PictureMetric: DescribedMetric {
  /// The metric over the whole picture, and over the missing pixels.
  static func scores(_ comparison: Comparison) -> RegionScores
}

extension DescribedMetric {
  static var needsOriginal: Bool { true }
}

/// The rule by which one of two values of a metric is the better one.
package enum BetterDirection: Sendable {
  case lower
  case higher
  /// Neither: the value is to be near that of the originals.
  case nearOriginal
}

/// The form in which tables print a number.
package struct NumberFormat: Sendable {
  /// Behind the metric's name; empty if there is none.
  package let unit: String
  /// The number that values are multiplied by: 100 for per cent.
  let factor: Double
  let decimals: Int

  static func percent(decimals: Int) -> NumberFormat { NumberFormat(unit: "%", factor: 100, decimals: decimals) }
  static func plain(unit: String = "", decimals: Int) -> NumberFormat {
    NumberFormat(unit: unit, factor: 1, decimals: decimals)
  }
}
