import Foundation

/// Bars of a metric for each class of holes, a bar a method, with the interval as a line.
enum PageBars {
  /// A chart each.
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

  /// Originals have nothing to compare.
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
