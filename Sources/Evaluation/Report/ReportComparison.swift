import Support

/// The differences of a report's model from an older report's, picture by picture.
package struct ReportComparison: Sendable {
  /// The verdict on a difference: significant or not, and better or worse.
  enum Verdict: String, Sendable {
    case better
    case worse
    /// The interval contains 0, or there is none.
    case undecided = "no clear difference"
    /// The metric has no better or worse, or no picture has both numbers.
    case none = ""
  }

  /// The name of the older weights.
  let olderName: String
  /// All pictures, then those of each class of holes, in both reports.
  private let groups: [(older: PictureGroup, newer: PictureGroup)]
  /// The metrics of both reports, with the same networks.
  private let metrics: [Metric]
  /// Sentences on FID, which is one number per set, and on what cannot be compared.
  let remarks: [String]

  /// - Parameter path: The path of the older report, for messages.
  /// - Throws: `Failure` of kind `data` if the size, the resizing rule, the holes, the pictures, or a metric that every
  ///   report has differ. Other metrics that differ are left out.
  package init(of report: EvaluationReport, with older: EvaluationReport, path: String) throws {
    try report.conditions.requireSame(as: older.conditions, path: path)
    guard report.records.map(\.name) == older.records.map(\.name) else {
      throw Failure(
        .data, "\(path): the report cannot be compared with this one, as it lists other pictures than its hash is of.")
    }
    olderName = older.weights.name
    groups = zip(older.groups, report.groups).map { ($0, $1) }
    let isDefinedAlike = report.conditions.definition(of: .lpips) == older.conditions.definition(of: .lpips)
    let conditions = older.conditions
    let (newer, older) = (report.networks, older.networks)
    let obstacle =
      Self.obstacle(LearnedSimilarity.title, newer.perceptual, older.perceptual)
      ?? (isDefinedAlike ? nil : "\(LearnedSimilarity.title) is not compared: it is defined otherwise there.")
    let isCompared = newer.perceptual != nil && older.perceptual != nil && obstacle == nil
    metrics = report.metrics.filter { metric in
      switch metric {
      case .lpips: isCompared
      case .edges, .seam: report.conditions.definition(of: metric) == conditions.definition(of: metric)
      default: true
      }
    }
    remarks = [obstacle, Self.distances(newer.frechet, older.frechet)].compactMap { $0 }
  }

  /// The sentence on a metric that was not measured in the same way by both reports; nil if it was, or neither has it.
  private static func obstacle(_ title: String, _ newer: WeightsIdentity?, _ older: WeightsIdentity?) -> String? {
    switch (newer, older) {
    case (nil, nil): nil
    case (_?, nil): "\(title) is not compared: the older report has none."
    case (nil, _?): "\(title) is not compared: only the older report has it."
    case (let newer?, let older?):
      newer.hash == older.hash
        ? nil
        : "\(title) is not compared: the older report has it by other weights (hash \(older.hash), here \(newer.hash))."
    }
  }

  /// The sentence on FID; nil if neither report has it.
  private static func distances(_ newer: FrechetScores?, _ older: FrechetScores?) -> String? {
    let title = FrechetDistance.title
    if let obstacle = obstacle(title, newer?.network, older?.network) { return obstacle }
    guard let newer, let older else { return nil }
    guard let new = newer.distance(.model), let old = older.distance(.model) else {
      return "\(title) is not compared: a report has no number."
    }
    let format = FrechetScores.format
    return "\(title) of \(newer.pictureCount) pictures: \(format.text(new)), there \(format.text(old)): "
      + "\(format.signed(new - old)); one number a set has no interval."
  }

  /// The columns of a region's table.
  func columns(in region: Region) -> [ScoreColumn] { metrics.map { ScoreColumn(metric: $0, region: region) } }

  /// The mean paired difference of a column, new minus old; nil if the group has no pictures.
  func difference(_ column: ScoreColumn, group: Int) -> MeanInterval? {
    let pairs = zip(groups[group].older.records, groups[group].newer.records)
    return MeanInterval(
      of: pairs.compactMap { older, newer in
        guard let old = older.score(.model, column), let new = newer.score(.model, column) else { return nil }
        return new - old
      })
  }

  /// The verdict on a column's difference, at a confidence of 95 %.
  func verdict(_ column: ScoreColumn, group: Int) -> Verdict {
    guard let difference = difference(column, group: group) else { return .none }
    if column.metric.better == .nearOriginal { return .none }
    guard let halfWidth = difference.halfWidth, abs(difference.mean) > halfWidth else { return .undecided }
    return (difference.mean > 0) == (column.metric.better == .higher) ? .better : .worse
  }

  /// The groups that have pictures, with their titles.
  var groupsWithPictures: [(index: Int, title: String)] {
    groups.enumerated().filter { !$0.element.newer.records.isEmpty }
      .map { ($0.offset, "\($0.element.newer.title): \($0.element.newer.records.count)") }
  }

  /// An explanation of the numbers, for display.
  static let definition =
    "Differences are new less old for the same picture and hole; ± is the 95 % confidence interval of their mean by "
    + "Student's distribution."

  /// The comparison for a terminal. Ends without a newline.
  package var text: String {
    let tables = Region.allCases.map { region in
      let columns = columns(in: region)
      var table = TextTable(numbersUnder: columns.map(\.metric.heading))
      for (index, title) in groupsWithPictures {
        table.append([title] + columns.map { cell($0, group: index) })
        table.append([""] + columns.map { verdict($0, group: index).rawValue })
      }
      return region.title + "\n\n" + table.lines.joined(separator: "\n")
    }
    return (["Against \(olderName)"] + tables + remarks + [Self.definition]).joined(separator: "\n\n")
  }

  /// A difference, for a table.
  private func cell(_ column: ScoreColumn, group: Int) -> String {
    difference(column, group: group).map { column.metric.format.signed($0) } ?? "–"
  }
}
