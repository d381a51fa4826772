import Foundation
import Imaging
import Support

/// A look at hole pictures before anything is made with them: of each file the share that is missing in the size of
/// training, and the files that are of no use.
package struct HoleSurvey: Sendable {
  /// The most files that are looked at, evenly spaced; the others are judged when they are drawn.
  static let limit = 10_000

  /// The files that can be used, in order, and their share of missing pixels, 0...1.
  package let usable: [(name: String, missingFraction: Double)]
  /// The files that cannot, and why.
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
        "\(source): none of the \(looked) hole pictures can be used, expected some missing and some known pixels: \(shown)"
          + (reasons.count > 3 ? "; and \(reasons.count - 3) other reasons" : "") + ".")
    }
  }

  /// Adds a name to those of which the same is said.
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

  /// One line for people: how many files can be used, and how much they leave out.
  package var summary: String {
    let fractions = usable.map(\.missingFraction)
    let mean = fractions.reduce(0, +) / Double(fractions.count)
    let looked = usable.count + unusable.count
    return
      "\(usable.count) of \(looked) hole pictures of \(source)\(looked < count ? " (and \(count - looked) more)" : ""), "
      + "\(Self.percent(fractions.min() ?? 0)) to \(Self.percent(fractions.max() ?? 0)) missing, \(Self.percent(mean)) on "
      + "average"
  }

  /// The files that are skipped, the first ten by name, and those whose opacities are read; a sentence each.
  package var warnings: [String] {
    var warnings = unusable.prefix(10).map { "The hole picture \($0.name) is skipped: \($0.reason)" }
    if unusable.count > 10 { warnings.append("\(unusable.count - 10) more hole pictures are skipped.") }
    warnings += remarks.map { "\(source), \(Self.list($0.names, most: 10)): \($0.remark)." }
    return warnings
  }

  /// The share that each file leaves out, of the first ten.
  package var shares: [String] {
    usable.prefix(10).map { "\($0.name): \(Self.percent($0.missingFraction)) is missing" }
      + (usable.count > 10 ? ["and \(usable.count - 10) more"] : [])
  }

  private static func percent(_ fraction: Double) -> String { (100 * fraction).decimals(1) + " %" }
}
