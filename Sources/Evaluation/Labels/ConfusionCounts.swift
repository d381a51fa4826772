import Imaging

/// Pixels counted by the class that they have and the class that they are taken for.
struct ConfusionCounts: Equatable, Sendable {
  private let classes: Int
  /// Rows of the class that pixels have, columns of what they are taken for.
  private var counts: [Int]

  init(classes: Int) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// Counts a pixel, unless one of the values is `LabelMap.ignored`.
  mutating func add(_ truth: UInt8, takenFor predicted: UInt8) {
    guard truth != LabelMap.ignored, predicted != LabelMap.ignored else { return }
    counts[Int(truth) * classes + Int(predicted)] += 1
  }

  /// Counts the pixels of two maps of the same size that a hole misses, or all of them.
  mutating func add(_ truth: LabelMap, takenFor predicted: LabelMap, in hole: Hole? = nil) {
    for (index, value) in truth.values.enumerated() where hole.map({ $0.values[index] != 0 }) ?? true {
      add(value, takenFor: predicted.values[index])
    }
  }

  /// The mean over the classes, of those that some pixel has or is taken for, of intersection over union, 0...1; nil if
  /// nothing was counted.
  var meanIoU: Double? {
    let ratios = (0..<classes).compactMap { name -> Double? in
      let own = (0..<classes).reduce(0) { $0 + counts[name * classes + $1] }
      let taken = (0..<classes).reduce(0) { $0 + counts[$1 * classes + name] }
      let both = counts[name * classes + name]
      return own + taken == 0 ? nil : Double(both) / Double(own + taken - both)
    }
    return ratios.isEmpty ? nil : ratios.reduce(0, +) / Double(ratios.count)
  }

  /// The part of the pixels that are taken for what they are, 0...1; nil if nothing was counted.
  var pixelAccuracy: Double? {
    let total = counts.reduce(0, +)
    return total == 0 ? nil : Double((0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] }) / Double(total)
  }
}
