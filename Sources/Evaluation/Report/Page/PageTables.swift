import Foundation

/// The tables of a page. On narrow screens they scroll horizontally under a fixed first column.
enum PageTables {
  /// Means of all pictures in both regions; those by class of holes open on demand.
  static func means(of report: EvaluationReport) -> String {
    let tables = Region.allCases.reversed().map { region in
      let (groups, columns) = (report.groups, report.columns(in: region))
      let table = means([groups[0]], columns, in: region, named: false)
      let classes = HTML.element(
        "details",
        HTML.element("summary", "By ratio of hole to picture") + means(Array(groups.dropFirst()), columns, in: region))
      return HTML.element("h2", region.title) + table + classes
    }
    return HTML.element("section", tables.joined() + distances(of: report) + labels(of: report))
  }

  /// The table of FID, or the reason why there is none; empty if it was not requested.
  private static func distances(of report: EvaluationReport) -> String {
    guard let frechet = report.networks.frechet else { return "" }
    if let reason = frechet.reasonForNone { return HTML.element("p", HTML.escaped(reason)) }
    let rows = frechet.rows.map { method, text in
      row(method.title, isModel: method == .model, [HTML.element("td", text)])
    }
    return HTML.element("h2", HTML.escaped(frechet.title))
      + table(titles: [(FrechetDistance.title, arrow(.lower))], [HTML.element("tbody", rows.joined())])
  }

  /// The table of label scores; empty if they were not requested.
  private static func labels(of report: EvaluationReport) -> String {
    guard let labels = report.labels else { return "" }
    let rows = labels.rows.map {
      row($0.title, isModel: true, [HTML.element("td", LabelScores.format.text($0.value ?? .nan))])
    }
    return HTML.element("h2", HTML.escaped(labels.title))
      + table(titles: [(LabelScores.format.unit, arrow(.higher))], [HTML.element("tbody", rows.joined())])
  }

  /// - Parameter named: True if each group has a heading.
  private static func means(
    _ groups: [PictureGroup], _ columns: [ScoreColumn], in region: Region, named: Bool = true
  ) -> String {
    let bodies = groups.map { group in
      let heading = row(heading: "\(group.title): \(group.records.count)", span: columns.count + 1)
      let rows = group.methods(in: region).map { method in
        row(method.title, isModel: method == .model, columns.map { cell(group.mean(method, $0), $0.metric) })
      }
      return HTML.element("tbody", (named ? heading : "") + rows.joined())
    }
    return table(header: columns, bodies)
  }

  /// The tables of differences from an older report.
  static func differences(_ comparison: ReportComparison) -> String {
    let tables = Region.allCases.reversed().map { region in
      let columns = comparison.columns(in: region)
      let rows = comparison.groupsWithPictures.map { index, title in
        row(title, isModel: index == 0, columns.map { difference(comparison, $0, group: index) })
      }
      return HTML.element("h3", region.title) + table(header: columns, [HTML.element("tbody", rows.joined())])
    }
    return HTML.element(
      "section",
      HTML.element("h2", "Against " + HTML.escaped(comparison.olderName)) + tables.joined()
        + (comparison.remarks + [ReportComparison.definition]).map { HTML.element("p", HTML.escaped($0)) }.joined())
  }

  /// A table in a frame that scrolls.
  private static func table(header columns: [ScoreColumn], _ bodies: [String]) -> String {
    table(titles: columns.map { ($0.metric.heading, arrow($0.metric.better)) }, bodies)
  }

  private static func table(titles: [(heading: String, note: String)], _ bodies: [String]) -> String {
    let cells = titles.map { HTML.element("th", HTML.escaped($0.heading) + HTML.element("small", $0.note)) }
    let head = HTML.element("thead", HTML.element("tr", "<th></th>" + cells.joined()))
    return HTML.element("div", class: "scroll", HTML.element("table", head + bodies.joined()))
  }

  private static func row(_ title: String, isModel: Bool, _ cells: [String]) -> String {
    HTML.element("tr", class: isModel ? "model" : nil, HTML.element("th", HTML.escaped(title)) + cells.joined())
  }

  private static func row(heading: String, span: Int) -> String {
    "<tr class=\"group\"><th colspan=\"\(span)\">\(HTML.escaped(heading))</th></tr>"
  }

  /// A cell with a mean and its interval.
  private static func cell(_ interval: MeanInterval?, _ metric: Metric) -> String {
    guard let interval else { return HTML.element("td", "–") }
    let half = interval.halfWidth.map { HTML.element("small", " ± " + metric.format.text($0)) } ?? ""
    return HTML.element("td", metric.format.text(interval.mean) + half)
  }

  /// A cell with a difference, its interval and its verdict.
  private static func difference(_ comparison: ReportComparison, _ column: ScoreColumn, group: Int) -> String {
    guard let interval = comparison.difference(column, group: group) else { return HTML.element("td", "–") }
    let verdict = comparison.verdict(column, group: group)
    let style = verdict == .better || verdict == .worse ? verdict.rawValue : nil
    let half = interval.halfWidth.map { HTML.element("small", " ± " + column.metric.format.text($0)) } ?? ""
    let word = verdict == .none ? "" : HTML.element("small", class: "verdict", verdict.rawValue)
    return HTML.element("td", class: style, column.metric.format.signed(interval.mean) + half + word)
  }

  /// The note on the better direction of a column.
  private static func arrow(_ better: BetterDirection) -> String {
    switch better {
    case .lower: "lower is better"
    case .higher: "higher is better"
    case .nearOriginal: "like the original’s"
    }
  }
}

/// Bar charts of metrics for each class of holes, a bar for each method, with the interval as a line.
enum PageBars {
  /// The columns, with a chart each.
  private static let columns = [
    ScoreColumn(metric: .psnr, region: .hole), ScoreColumn(metric: .ssim, region: .hole),
    ScoreColumn(metric: .l1, region: .hole),
  ]

  /// The charts with their legend.
  static func section(of report: EvaluationReport) -> String {
    let legend = methods.enumerated().map { place, method in
      HTML.element("span", class: "key m\(place)", HTML.escaped(method.title))
    }
    let charts = columns.map { HTML.element("div", class: "chart", chart($0, of: report)) }
    return HTML.element(
      "section",
      HTML.element("h2", "By ratio of hole to picture, inside the hole")
        + HTML.element("div", class: "legend", legend.joined())
        + HTML.element("div", class: "charts", charts.joined()))
  }

  /// All methods except the originals, which have no scores.
  private static var methods: [FillingMethod] { FillingMethod.all.filter { $0 != .original } }

  /// The bars of one column.
  private static func chart(_ column: ScoreColumn, of report: EvaluationReport) -> String {
    let groups = report.groups.filter { $0.ratio != nil }
    let ends = groups.flatMap { group in
      methods.compactMap { group.mean($0, column).map { $0.mean + ($0.halfWidth ?? 0) } }
    }
    let longest = max(ends.max() ?? 0, .leastNormalMagnitude)
    let rows = groups.map { group in
      let bars = methods.enumerated().map { place, method in
        bar(group.mean(method, column), style: "m\(place)", column.metric, longest: longest)
      }
      let label = HTML.element("span", group.ratio?.title ?? "") + HTML.element("small", "\(group.records.count)")
      return HTML.element(
        "div", class: "bucket",
        HTML.element("div", class: "label", label) + HTML.element("div", bars.joined()))
    }
    return HTML.element("h3", HTML.escaped(column.metric.heading)) + rows.joined()
  }

  /// One bar; nothing where there are no pictures.
  private static func bar(_ interval: MeanInterval?, style: String, _ metric: Metric, longest: Double) -> String {
    guard let interval else { return "" }
    // The rest of the line is for the number.
    func percent(_ value: Double) -> String { String(format: "%.1f%%", min(max(value / longest, 0), 1) * 82) }
    let whisker = interval.halfWidth.map { half in
      let (low, high) = (percent(interval.mean - half), percent(interval.mean + half))
      return "<i style=\"left:\(low);width:calc(\(high) - \(low))\"></i>"
    }
    return "<div class=\"bar \(style)\"><b style=\"width:\(percent(interval.mean))\"></b>\(whisker ?? "")"
      + "<span>\(metric.format.text(interval.mean))</span></div>"
  }
}
