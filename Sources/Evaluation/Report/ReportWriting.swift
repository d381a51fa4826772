import Support

extension EvaluationReport {
  /// The value of the first key, which identifies a report.
  static let format = "kintsugi evaluation 1"

  /// The report with every number, as JSON. `EvaluationReport(path:)` reads it.
  package var json: String {
    JSONValue(
      [
        ("format", JSONValue(Self.format)),
        ("weights", JSONValue(weights.json)),
        ("conditions", conditions.json),
        ("metrics", JSONValue(conditions.definitions.map(\.json))),
        ("methods", JSONValue(FillingMethod.all.map(\.json))),
        ("not_measured", JSONValue(networks.omitted.map { JSONValue($0.sentence) })),
      ] + networks.json + (labels.map { [("labels", $0.json)] } ?? []) + [
        ("means", JSONValue(groups.flatMap { $0.json(columns) })),
        ("pictures", JSONValue(records.map { $0.json(columns) })),
        ("skipped", JSONValue(skipped.map(\.json))),
      ]
    ).write(pretty: true) + "\n"
  }
}

extension WeightsIdentity {
  fileprivate var json: [(key: String, value: JSONValue)] {
    [("name", JSONValue(name)), ("hash", JSONValue(hash))]
  }
}

extension NetworkScores {
  /// `lpips` and `fid`, as far as they were requested.
  fileprivate var json: [(key: String, value: JSONValue)] {
    (perceptual.map { [("lpips", JSONValue($0.json))] } ?? [])
      + (frechet.map {
        [("fid", JSONValue($0.network.json + [("pictures", JSONValue($0.pictureCount)), $0.distancesMember]))]
      } ?? [])
  }
}

extension LabelScores {
  fileprivate var json: JSONValue {
    JSONValue(
      [("classes", JSONValue(classes)), ("edited_pictures", JSONValue(editedCount))]
        + rows.map { ($0.key, JSONValue(ifAny: $0.value)) })
  }
}

extension FrechetScores {
  fileprivate var distancesMember: (key: String, value: JSONValue) {
    ("distances", JSONValue(zip(FillingMethod.all, distances).map { ($0.key, JSONValue(ifAny: $1)) }))
  }
}

extension EvaluationConditions {
  fileprivate var json: JSONValue {
    JSONValue(
      [
        ("size", JSONValue(size)), ("resize_rule", JSONValue(resizeRule)), ("holes", JSONValue(holes)),
        ("holes_sha256", JSONValue(holeHash)), ("pictures_sha256", JSONValue(pictureHash)),
        ("picture_count", JSONValue(pictureCount)),
      ] + (fileTypes.map { [("file_types", JSONValue($0))] } ?? []))
  }
}

extension EvaluationConditions.MetricDefinition {
  fileprivate var json: JSONValue { JSONValue([("key", JSONValue(key)), ("definition", JSONValue(text))]) }
}

extension FillingMethod {
  fileprivate var json: JSONValue { JSONValue([("key", JSONValue(key)), ("definition", JSONValue(definition))]) }
}

extension PictureGroup {
  /// An object for each method: the mean of each column and the half width of its interval.
  fileprivate func json(_ columns: [ScoreColumn]) -> [JSONValue] {
    FillingMethod.all.map { method in
      JSONValue(
        [
          ("holes", JSONValue(key)), ("method", JSONValue(method.key)), ("pictures", JSONValue(records.count)),
        ]
          + columns.map { column in
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
  fileprivate func json(_ columns: [ScoreColumn]) -> JSONValue {
    JSONValue(
      [
        ("name", JSONValue(name)), ("missing_pixels", JSONValue(missingCount)), ("pixels", JSONValue(pixelCount)),
      ]
        + zip(FillingMethod.all, scores).map { method, scores in
          (method.key, JSONValue(columns.map { ($0.key, JSONValue(ifAny: scores[$0])) }))
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
