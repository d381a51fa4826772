import Support

/// How a report's model differs from an older report's, picture by picture.
package struct ReportComparison: Sendable {
  /// Whether a difference is more than chance, and for better or worse.
  enum Verdict: String, Sendable {
    case better
    case worse
    /// The interval contains 0, or there is none.
    case undecided = "no clear difference"
    /// The metric has no better and worse.
    case none = ""
  }

  /// The name of the older weights.
  let olderName: String
  /// All pictures, then those of each class of holes, in both reports.
  private let groups: [(older: PictureGroup, newer: PictureGroup)]

  /// - Parameter path: The older report's, for messages.
  /// - Throws: `Failure` of kind `data` that says why the two cannot be compared, if anything but the weights differs.
  package init(of report: EvaluationReport, with older: EvaluationReport, path: String) throws {
    try report.conditions.requireSame(as: older.conditions, path: path)
    guard report.records.map(\.name) == older.records.map(\.name) else {
      throw Failure(.data, "This report cannot be compared with \(path): it lists other pictures than its hash is of.")
    }
    olderName = older.weights.name
    groups = zip(older.groups, report.groups).map { ($0, $1) }
  }

  /// The mean difference of a column, new less old, of pairs of the same picture; nil if the group has no pictures.
  func difference(_ column: ScoreColumn, group: Int) -> MeanInterval? {
    let pairs = zip(groups[group].older.records, groups[group].newer.records)
    return MeanInterval(
      of: pairs.compactMap { older, newer in
        guard let old = older.score(.model, column), let new = newer.score(.model, column) else { return nil }
        return new - old
      })
  }

  /// What a column's difference says, at 95 %.
  func verdict(_ column: ScoreColumn, group: Int) -> Verdict {
    guard let difference = difference(column, group: group) else { return .none }
    if column.metric.better == .nearOriginal { return .none }
    guard let halfWidth = difference.halfWidth, abs(difference.mean) > halfWidth else { return .undecided }
    return (difference.mean > 0) == (column.metric.better == .higher) ? .better : .worse
  }

  /// The titles of the groups that have pictures, with their numbers.
  var groupsWithPictures: [(index: Int, title: String)] {
    groups.enumerated().filter { !$0.element.newer.records.isEmpty }
      .map { ($0.offset, "\($0.element.newer.title): \($0.element.newer.records.count)") }
  }

  /// What the numbers mean, for people.
  static let definition =
    "Differences are new less old for the same picture and hole; ± is the 95 % confidence interval of their mean by "
    + "Student's distribution."

  /// The comparison for a terminal. Ends without a newline.
  package var text: String {
    let tables = Region.allCases.map { region in
      var table = TextTable(numbersUnder: ScoreColumn.columns(in: region).map(\.metric.heading))
      for (index, title) in groupsWithPictures {
        let columns = ScoreColumn.columns(in: region)
        table.append([title] + columns.map { cell($0, group: index) })
        table.append([""] + columns.map { verdict($0, group: index).rawValue })
      }
      return region.title + "\n\n" + table.lines.joined(separator: "\n")
    }
    return (["Against \(olderName)"] + tables + [Self.definition]).joined(separator: "\n\n")
  }

  /// A difference as tables print it.
  private func cell(_ column: ScoreColumn, group: Int) -> String {
    difference(column, group: group).map { column.metric.format.signed($0) } ?? "–"
  }
}
