import Imaging

/// A metric in a region: one column of numbers.
package struct ScoreColumn: Hashable, Sendable {
  /// The quantity that is measured.
  package let metric: Metric
  /// The pixels over which it is measured.
  package let region: Region

  /// Such as `psnr` or `hole_psnr`.
  package var key: String { region == .whole ? metric.rawValue : "hole_" + metric.rawValue }

  /// Every metric over the whole picture, then every metric inside the hole.
  package static let all: [ScoreColumn] = Region.allCases.flatMap(columns)

  /// Every metric in one region.
  package static func columns(in region: Region) -> [ScoreColumn] {
    Metric.allCases.map { ScoreColumn(metric: $0, region: region) }
  }
}

/// The values of one filling of one picture, one for every column.
package struct Scores: Equatable, Sendable {
  /// Values in the units of JSON, in the order of `ScoreColumn.all`; nil where measuring would be idle.
  let values: [Double?]

  init(values: [Double?]) {
    precondition(values.count == ScoreColumn.all.count, "Scores: expected a value for every column")
    self.values = values
  }

  /// Measures a filling.
  ///
  /// - Precondition: Sizes agree, the hole is not empty, and the picture has at least 11 rows and columns.
  package init(of filled: Picture, original: Picture, hole: Hole) {
    let comparison = Comparison(filled: PictureValues(filled), original: PictureValues(original), hole: hole)
    self.init(comparison, metrics: Metric.ofPixels)
  }

  /// Measures what can be said of an original alone.
  init(ofOriginal original: Picture, hole: Hole) {
    let values = PictureValues(original)
    self.init(
      Comparison(filled: values, original: values, hole: hole), metrics: Metric.ofPixels.filter { !$0.needsOriginal })
  }

  private init(_ comparison: Comparison, metrics: [Metric]) {
    let scores = metrics.map { (metric: $0, values: $0.scores(comparison)) }
    values = ScoreColumn.all.map { column in
      scores.first { $0.metric == column.metric }?.values[column.region]
    }
  }

  /// The same with the values of one more metric; nil leaves it unmeasured.
  func with(_ metric: Metric, _ scores: RegionScores?) -> Scores {
    guard let scores else { return self }
    return Scores(values: zip(ScoreColumn.all, values).map { $0.metric == metric ? scores[$0.region] : $1 })
  }

  /// The value in a column, nil where measuring would be idle.
  package subscript(column: ScoreColumn) -> Double? {
    ScoreColumn.all.firstIndex(of: column).flatMap { values[$0] }
  }
}
