import Support

extension EvaluationReport {
  /// What the first key of every report says, so that other files are not mistaken for one.
  static let format = "kintsugi evaluation 1"

  /// The report with every number, as JSON. `EvaluationReport(path:)` reads it.
  package var json: String {
    JSONValue([
      ("format", JSONValue(Self.format)),
      ("weights", JSONValue([("name", JSONValue(weights.name)), ("hash", JSONValue(weights.hash))])),
      ("conditions", conditions.json),
      ("metrics", JSONValue(conditions.definitions.map(\.json))),
      ("methods", JSONValue(FillingMethod.all.map(\.json))),
      ("not_measured", JSONValue(OmittedMetric.allCases.map { JSONValue($0.sentence) })),
      ("means", JSONValue(groups.flatMap(\.json))),
      ("pictures", JSONValue(records.map(\.json))),
      ("skipped", JSONValue(skipped.map(\.json))),
    ]).write(pretty: true) + "\n"
  }
}

extension EvaluationConditions {
  fileprivate var json: JSONValue {
    JSONValue([
      ("size", JSONValue(size)), ("resize_rule", JSONValue(resizeRule)), ("holes", JSONValue(holes)),
      ("holes_sha256", JSONValue(holeHash)), ("pictures_sha256", JSONValue(pictureHash)),
      ("picture_count", JSONValue(pictureCount)),
    ])
  }
}

extension EvaluationConditions.MetricDefinition {
  fileprivate var json: JSONValue { JSONValue([("key", JSONValue(key)), ("definition", JSONValue(text))]) }
}

extension FillingMethod {
  fileprivate var json: JSONValue { JSONValue([("key", JSONValue(key)), ("definition", JSONValue(definition))]) }
}

extension PictureGroup {
  /// An object a method: the mean of each column and the half width of its interval.
  fileprivate var json: [JSONValue] {
    FillingMethod.all.map { method in
      JSONValue(
        [
          ("holes", JSONValue(key)), ("method", JSONValue(method.key)), ("pictures", JSONValue(records.count)),
        ]
          + ScoreColumn.all.map { column in
            guard let interval = mean(method, column) else { return (column.key, JSONValue(.null)) }
            return (
              column.key,
              JSONValue([("mean", JSONValue(interval.mean)), ("half_width", JSONValue(ifAny: interval.halfWidth))])
            )
          })
    }
  }
}

extension PictureRecord {
  fileprivate var json: JSONValue {
    JSONValue(
      [
        ("name", JSONValue(name)), ("missing_pixels", JSONValue(missingCount)), ("pixels", JSONValue(pixelCount)),
      ]
        + zip(FillingMethod.all, scores).map { method, scores in
          (method.key, JSONValue(ScoreColumn.all.map { ($0.key, JSONValue(ifAny: scores[$0])) }))
        })
  }
}

extension SkippedPicture {
  fileprivate var json: JSONValue { JSONValue([("name", JSONValue(name)), ("reason", JSONValue(reason))]) }
}

extension JSONValue {
  /// `null` if there is no number.
  fileprivate init(ifAny number: Double?) {
    self = number.map { JSONValue($0) } ?? JSONValue(.null)
  }
}
