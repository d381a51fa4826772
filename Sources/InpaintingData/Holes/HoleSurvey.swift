import Foundation
import Imaging
import Support

/// A survey of hole pictures before they are used: the share of missing pixels of each file at the training size, and
/// the files that are unusable.
package struct HoleSurvey: Sendable {
  /// The maximum number of files that are read, evenly spaced; the others are checked when they are drawn.
  static let limit = 10_000

  /// The files that can be used, in order, and their share of missing pixels, 0...1.
  package let usable: [(name: String, missingFraction: Double)]
  /// The files that cannot be used, with reasons.
  package let unusable: [(name: String, reason: String)]
  /// Notes on how files were read, each with the names of those files.
  private let remarks: [(remark: String, names: [String])]
  private let source: String
  private let count: Int

  /// Reads the files on as many threads as there are processors.
  ///
  /// - Throws: `Failure` of kind `data` if none can be used.
  package init(_ pictures: HolePictures, width: Int, height: Int) throws {
    let looked = min(pictures.files.count, Self.limit)
    let workers = ProcessInfo.processInfo.activeProcessorCount
    let readings = Prefetcher(named: "hole survey", count: looked, workers: workers, capacity: 4 * workers) { number in
      let index = number * pictures.files.count / looked
      return (
        index,
        Result { () throws(Failure) -> (fraction: Double, remark: String?) in
          let measured = try pictures.measured(at: index, width: width, height: height)
          return (measured.hole.missingFraction, measured.remark)
        }
      )
    }
    var usable: [(name: String, missingFraction: Double)] = []
    var unusable: [(name: String, reason: String)] = []
    var remarks: [(remark: String, names: [String])] = []
    while let (index, result) = try readings.next() {
      let name = pictures.files[index].name
      switch result {
      case .success(let found):
        usable.append((name, found.fraction))
        if let remark = found.remark { Self.add(name, to: &remarks, under: remark) }
      case .failure(let failure):
        pictures.markUnusable(at: index, width: width, height: height)
        unusable.append((name, failure.message))
      }
    }
    self.usable = usable
    self.unusable = unusable
    self.remarks = remarks
    source = pictures.source.path
    count = pictures.files.count
    if usable.isEmpty {
      var reasons: [(remark: String, names: [String])] = []
      for file in unusable { Self.add(file.name, to: &reasons, under: file.reason) }
      let shown = reasons.prefix(3).map { "\(Self.list($0.names, most: 3)): \($0.remark)" }.joined(separator: "; ")
      throw Failure(
        .data,
        "\(source): expected hole pictures with some missing and some known pixels, found none among \(looked): \(shown)"
          + (reasons.count > 3 ? "; and \(reasons.count - 3) other reasons" : "") + ".")
    }
  }

  /// Adds a name to those with the same remark.
  private static func add(
    _ name: String, to remarks: inout [(remark: String, names: [String])], under remark: String
  ) {
    if let index = remarks.firstIndex(where: { $0.remark == remark }) {
      remarks[index].names.append(name)
    } else {
      remarks.append((remark, [name]))
    }
  }

  private static func list(_ names: [String], most: Int) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }

  /// A line for display: the number of files that can be used, and their shares of missing pixels.
  package var summary: String {
    let fractions = usable.map(\.missingFraction)
    let mean = fractions.reduce(0, +) / Double(fractions.count)
    let looked = usable.count + unusable.count
    return
      "\(usable.count) of \(looked) hole pictures of \(source)\(looked < count ? " (and \(count - looked) more)" : ""), "
      + "\(Self.percent(fractions.min() ?? 0)) to \(Self.percent(fractions.max() ?? 0)) missing, \(Self.percent(mean)) on "
      + "average"
  }

  /// The files that are skipped, the first ten by name, and those whose alpha channel is read; a sentence each.
  package var warnings: [String] {
    var warnings = unusable.prefix(10).map { "The hole picture \($0.name) is skipped: \($0.reason)" }
    if unusable.count > 10 { warnings.append("\(unusable.count - 10) more hole pictures are skipped.") }
    warnings += remarks.map { "\(source), \(Self.list($0.names, most: 10)): \($0.remark)." }
    return warnings
  }

  /// The share of missing pixels of each of the first ten files.
  package var shares: [String] {
    usable.prefix(10).map { "\($0.name): \(Self.percent($0.missingFraction)) is missing" }
      + (usable.count > 10 ? ["and \(usable.count - 10) more"] : [])
  }

  private static func percent(_ fraction: Double) -> String { (100 * fraction).decimals(1) + " %" }
}

extension BoxHoles {
  /// - Throws: `Failure` of kind `configuration` if a box cannot lie within the picture and its margins.
  func check(pictureSize: Int) throws {
    try checkSide("height", height, margin: verticalMargin, delta: maximumHeightDelta, pictureSize: pictureSize)
    try checkSide("width", width, margin: horizontalMargin, delta: maximumWidthDelta, pictureSize: pictureSize)
    if height - maximumHeightDelta / 2 * 2 >= pictureSize, width - maximumWidthDelta / 2 * 2 >= pictureSize {
      throw Failure(
        .configuration,
        "holes: a box of \(height)x\(width) pixels covers all of a picture of \(pictureSize)x\(pictureSize), and leaves "
          + "nothing to fill it from, expected a smaller `height` or `width`.")
    }
  }

  /// Checks one dimension of the box.
  private func checkSide(_ name: String, _ side: Int, margin: Int, delta: Int, pictureSize: Int) throws {
    try checkValue("a box hole's \(name)", 1...Swift.max(1, pictureSize), contains: side)
    try checkValue(
      "the margin beside a box hole's \(name)", 0...Swift.max(0, (pictureSize - side) / 2), contains: margin)
    // At least one pixel of the box must be left.
    try checkValue("the most a box hole's \(name) may shrink", 0...side - 1, contains: delta)
  }
}

extension FreeFormHoles {
  func check() throws {
    try checkValue("the number of strokes", 1...1000, contains: strokes)
    try checkValue("the number of a stroke's vertices", 1...1000, contains: vertices)
    try checkValue("a stroke's brush width", 1...10_000, contains: brushWidth)
  }
}

extension IrregularHoles {
  func check() throws {
    try checkValue("the number of strokes", 1...1000, contains: strokes)
    try checkValue("the number of a stroke's segments", 1...1000, contains: segments)
    try checkValue("the number of a stroke's directions", 1...1000, contains: directions)
    try checkValue("a segment's length", 1...10_000, contains: length)
    try checkValue("a stroke's brush width", 1...10_000, contains: brushWidth)
    try checkValue("the lowest hole fraction", 0...1, contains: fraction.lowerBound)
    try checkValue("the highest hole fraction", 0...1, contains: fraction.upperBound)
  }
}

/// Throws a failure that names a value, its range and what was found, unless it is in range.
private func checkValue<Value>(_ name: String, _ range: ClosedRange<Value>, contains value: Value) throws {
  if range.contains(value) { return }
  throw Failure(
    .configuration,
    "holes: expected \(name) from \(range.lowerBound) to \(range.upperBound), found \(value).")
}

private func checkValue(_ name: String, _ range: ClosedRange<Int>, contains values: ClosedRange<Int>) throws {
  try checkValue(name, range, contains: values.lowerBound)
  try checkValue(name, range, contains: values.upperBound)
}
