package import Imaging
import InpaintingData
import InpaintingModels
import Support

/// A preview of a configuration's training data: a sheet of examples and statistics of holes and conditions. It shows
/// before training whether pictures, holes, label maps and edges belong together.
package struct DataPreview {
  /// The sheet, one example per row: the picture, the picture with its hole in white, and the conditions.
  package let sheet: Picture
  /// The summary of the data, then the distributions of hole sizes and of conditions, as lines to print.
  package let lines: [String]

  /// The number of examples on the sheet.
  static let shownCount = 16
  /// The number of examples that the statistics cover.
  static let countedCount = 256

  /// - Parameter console: Prints warnings about files that are left out.
  /// - Throws: `Failure`, as a run with this configuration would for its data.
  package init(_ configuration: TrainingConfiguration, console: Console = .standardError) throws {
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions,
      seed: configuration.training.seed
    ) { console.warn($0) }
    let loader = data.loader(batchSize: Self.shownCount, firstBatch: 0) { console.warn($0) }
    defer { loader.stop() }
    var examples: [Example] = []
    while examples.count < Self.countedCount { examples += try loader.next().examples }
    let given = examples[0].conditions.all.map(\.condition.name)
    let wanted = configuration.model.conditions.map(\.name)
    sheet = Picture(grid: examples.prefix(Self.shownCount).map { Self.row($0) })
    lines =
      ["data: \(data.summary)"] + data.conditionLines.map { "  \($0)" }
      + ["sheet: \(Self.shownCount) rows: picture, hole\(given.map { ", " + $0 }.joined())"]
      + given.filter { !wanted.contains($0) }.map { "the model \(configuration.modelName) takes no \($0)" }
      + Self.holeLines(examples) + Self.conditionLines(examples)
  }

  private static func row(_ example: Example) -> [Picture] {
    [example.picture, example.picture.withMissingPixels(of: example.hole, filledWith: 255)]
      + example.conditions.all.map { $0.shown(with: example.hole) }
  }

  /// The histogram of hole sizes: the share of examples in each of ten bins of the missing fraction of a picture.
  private static func holeLines(_ examples: [Example]) -> [String] {
    let fractions = examples.map(\.hole.missingFraction)
    let counts = (0..<10).map { tenth in fractions.filter { min(Int($0 * 10), 9) == tenth }.count }
    let mean = fractions.reduce(0, +) / Double(fractions.count)
    return ["holes of \(examples.count) examples: \((100 * mean).decimals(1)) % of a picture on average"]
      + counts.enumerated().filter { $1 > 0 }.map { tenth, count in
        "  \(tenth * 10) to \(tenth * 10 + 10) %: \(percentage(Double(count) / Double(examples.count))) of the examples"
      }
  }

  /// The mean share of pixels of each named part of a condition, such as a class of a label map, and the share of
  /// examples in which it occurs.
  private static func conditionLines(_ examples: [Example]) -> [String] {
    (examples.first?.conditions.all ?? []).map(\.condition).flatMap { condition -> [String] in
      let rows = examples.compactMap { $0.conditions[condition]?.shares }
      guard let first = rows.first, !first.isEmpty else { return [] }
      return ["\(condition.name) of \(rows.count) examples, share of pixels:"]
        + first.indices.map { index in
          let shares = rows.map { $0[index].share }
          let mean = shares.reduce(0, +) / Double(rows.count)
          let present = Double(shares.filter { $0 > 0 }.count) / Double(rows.count)
          return "  \(first[index].name): \(percentage(mean)), in \(percentage(present)) of the examples"
        }
    }
  }

  private static func percentage(_ share: Double) -> String { "\((100 * share).decimals(1)) %" }
}
