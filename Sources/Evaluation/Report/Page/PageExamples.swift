/// Pictures side by side: original, hole, filling, baselines.
enum PageExamples {
  /// The groups one below the other.
  ///
  /// - Throws: `Failure` of kind `internalError` if a picture cannot be encoded.
  static func section(_ groups: [ExampleGroup]) throws -> String {
    let content = try groups.map { group in
      HTML.element("h3", group.title) + (try group.examples.map(row)).joined()
    }
    let column = ExampleChoice.column
    return HTML.element(
      "section",
      HTML.element("h2", "Pictures")
        + HTML.element(
          "p", "Ranked by the model’s \(column.metric.title) inside the hole, which is below each filling.")
        + content.joined())
  }

  /// One picture's views from left to right, or in two lines on narrow screens.
  private static func row(_ example: ShownExample) throws -> String {
    let record = example.record
    let percent = NumberFormat.percent(decimals: 0).text(record.ratio)
    let views = try example.views.map { view in
      let score = view.method.flatMap { record.score($0, ExampleChoice.column) }
      let format = ExampleChoice.column.metric.format
      let number = score.map { HTML.element("small", " \(format.text($0)) \(format.unit)") } ?? ""
      let caption = HTML.element("figcaption", HTML.escaped(view.title) + number)
      let image = try HTML.image(view.picture, description: "\(record.name): \(view.title)")
      return HTML.element("figure", class: view.method == .model ? "model" : nil, image + caption)
    }
    let title = HTML.element("h4", HTML.escaped(record.name) + HTML.element("small", " \(percent) % missing"))
    return HTML.element("div", class: "example", title + HTML.element("div", class: "views", views.joined()))
  }
}
