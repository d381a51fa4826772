/// The results of an evaluation, as text, JSON and HTML. Those of two evaluations can be compared.
package struct EvaluationReport: Equatable, Sendable {
  /// The network that was measured.
  package let weights: WeightsIdentity
  /// The conditions, which must be the same for a comparison.
  package let conditions: EvaluationConditions
  /// The pictures that were measured, in their order.
  package let records: [PictureRecord]
  /// The pictures that could not be read.
  package let skipped: [SkippedPicture]
  /// The scores by networks.
  let networks: NetworkScores
  /// The scores of labels; nil if they were not requested.
  package let labels: LabelScores?

  init(
    weights: WeightsIdentity, conditions: EvaluationConditions, records: [PictureRecord], skipped: [SkippedPicture],
    networks: NetworkScores = .none, labels: LabelScores? = nil
  ) {
    precondition(!records.isEmpty, "EvaluationReport: expected at least one picture")
    self.weights = weights
    self.conditions = conditions
    self.records = records
    self.skipped = skipped
    self.networks = networks
    self.labels = labels
  }

  /// The metrics that pictures were measured by.
  var metrics: [Metric] {
    Metric.allCases.filter { $0.isInEveryReport || conditions.definition(of: $0) != nil }
  }

  /// The columns of the tables of one region.
  func columns(in region: Region) -> [ScoreColumn] { metrics.map { ScoreColumn(metric: $0, region: region) } }

  var columns: [ScoreColumn] { Region.allCases.flatMap(columns) }

  /// The mean of the model's scores inside the holes over all pictures, in the metric's unit in JSON.
  package func meanInHoles(of metric: Metric) -> Double {
    groups[0].mean(.model, ScoreColumn(metric: metric, region: .hole))?.mean ?? .nan
  }

  /// All pictures, then those of each class of holes; also classes without pictures.
  var groups: [PictureGroup] {
    [PictureGroup(ratio: nil, records: records)]
      + HoleRatio.all.map { ratio in
        PictureGroup(
          ratio: ratio,
          records: records.filter { ratio.contains(missing: $0.missingCount, of: $0.pixelCount) })
      }
  }
}

/// The scores of every method for one picture.
package struct PictureRecord: Equatable, Sendable {
  package let name: String
  let missingCount: Int
  let pixelCount: Int
  /// The scores in the order of `FillingMethod.all`.
  let scores: [Scores]

  init(name: String, missingCount: Int, pixelCount: Int, scores: [Scores]) {
    precondition(scores.count == FillingMethod.all.count, "PictureRecord: expected scores of every method")
    self.name = name
    self.missingCount = missingCount
    self.pixelCount = pixelCount
    self.scores = scores
  }

  /// The share of missing pixels, 0...1.
  var ratio: Double { Double(missingCount) / Double(pixelCount) }

  /// A method's value in a column; nil where it was not measured.
  func score(_ method: FillingMethod, _ column: ScoreColumn) -> Double? {
    FillingMethod.all.firstIndex(of: method).flatMap { scores[$0][column] }
  }
}

/// A picture that could not be measured, with the reason.
package struct SkippedPicture: Equatable, Sendable {
  /// The name of the picture in messages.
  package let name: String
  /// The sentence of the failure.
  package let reason: String

  /// The sentence for display.
  var sentence: String { "The picture \(name) is skipped: \(reason)" }
}

/// Some pictures of a report.
struct PictureGroup {
  /// The class of their holes; nil for all pictures.
  let ratio: HoleRatio?
  /// The records, in the order of the report.
  let records: [PictureRecord]

  /// The name in JSON.
  var key: String { ratio?.key ?? "all" }
  /// The name for display.
  var title: String { ratio.map { "Holes of \($0.title)" } ?? "All pictures" }

  /// The mean of a column; nil if nothing was measured there.
  func mean(_ method: FillingMethod, _ column: ScoreColumn) -> MeanInterval? {
    MeanInterval(of: records.compactMap { $0.score(method, column) })
  }

  /// The methods that have numbers in a region: originals have none where every metric needs a reference.
  func methods(in region: Region) -> [FillingMethod] {
    FillingMethod.all.filter { method in
      ScoreColumn.columns(in: region).contains { mean(method, $0) != nil }
    }
  }
}

/// A count of the originals' file formats, as lossy compression affects measurements.
struct FileTypeTally {
  private var counts: [String: Int] = [:]

  /// - Parameter type: The format, such as `JPEG`; nil for a built-in picture.
  mutating func add(_ type: String?) { counts[type ?? "built-in", default: 0] += 1 }

  /// The counts, such as `95 JPEG, 5 PNG`: the most frequent first, then by name.
  var text: String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

/// The name and the hash of the weights that a report is about.
package struct WeightsIdentity: Equatable, Sendable {
  /// A description for display: a path, and what is known of it.
  package let name: String
  /// A hash of the weights, independent of the file that they come from.
  package let hash: String

  package init(name: String, hash: String) {
    self.name = name
    self.hash = hash
  }
}
