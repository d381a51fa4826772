import Support

/// The conditions of an evaluation: all but the weights. Reports are comparable if they have the same size, resizing rule,
/// holes, pictures, and definitions of the metrics that every report has.
package struct EvaluationConditions: Equatable, Sendable {
  /// The side of the pictures in pixels.
  let size: Int
  let resizeRule: String
  /// A description of the origin of the holes, for display.
  let holes: String
  /// A hash of all names with their holes.
  let holeHash: String
  /// A hash of all pictures as they were measured.
  let pictureHash: String
  /// The number of pictures that were measured.
  let pictureCount: Int
  /// The formats of the originals' files, for display; nil in older reports.
  let fileTypes: String?
  /// The definitions of the metrics that were measured. Reports that define a metric of every report differently cannot
  /// be compared; other metrics that are defined differently are left out.
  let definitions: [MetricDefinition]

  /// A metric's key and its definition in words.
  struct MetricDefinition: Equatable, Sendable {
    let key: String
    let text: String

    init(key: String, text: String) {
      self.key = key
      self.text = text
    }

    init(_ metric: Metric) { self.init(key: metric.rawValue, text: metric.definition) }

    /// The definitions that every report has, however old.
    static let all = Metric.allCases.filter(\.isInEveryReport).map(MetricDefinition.init)
    /// The keys of the metrics that only some reports have.
    static let optionalKeys = Metric.allCases.map(\.rawValue).filter { key in !all.contains { $0.key == key } }
  }

  init(
    rule: SquareRule, holes: String, holeHash: String, pictureHash: String, pictureCount: Int, fileTypes: String? = nil,
    metrics: [Metric] = Metric.ofPixels
  ) {
    self.init(
      size: rule.size, resizeRule: rule.description, holes: holes, holeHash: holeHash, pictureHash: pictureHash,
      pictureCount: pictureCount, fileTypes: fileTypes, definitions: metrics.map(MetricDefinition.init))
  }

  init(
    size: Int, resizeRule: String, holes: String, holeHash: String, pictureHash: String, pictureCount: Int,
    fileTypes: String? = nil, definitions: [MetricDefinition]
  ) {
    self.size = size
    self.resizeRule = resizeRule
    self.holes = holes
    self.holeHash = holeHash
    self.pictureHash = pictureHash
    self.pictureCount = pictureCount
    self.fileTypes = fileTypes
    self.definitions = definitions
  }

  /// Checks that an older report, at `path`, was made under the same conditions.
  ///
  /// - Throws: `Failure` of kind `data` with the first difference.
  func requireSame(as older: EvaluationConditions, path: String) throws {
    try older.requireSameRule(as: size, resizeRule, path: path)
    if pictureCount != older.pictureCount {
      throw Self.refusal(
        path, "here \(pictureCount) pictures were measured, there \(older.pictureCount)",
        "measure both on the same pictures, with the same \(setting: .limit)")
    }
    if holeHash != older.holeHash {
      throw Self.refusal(
        path, "the holes or the pictures' names differ (here \(holes), there \(older.holes))",
        "measure both with the same \(setting: .data), \(setting: .holes) and \(setting: .seed)")
    }
    if pictureHash != older.pictureHash {
      throw Self.refusal(
        path, "the pictures have the same names and other pixels", "measure both on the same pictures")
    }
  }

  /// The part of `requireSame` that is known before anything is measured, called on the older report's conditions.
  func requireSameRule(as rule: SquareRule, path: String) throws {
    try requireSameRule(as: rule.size, rule.description, path: path)
  }

  /// Checks size, resizing rule and metrics. `self` are the conditions of the older report.
  private func requireSameRule(as size: Int, _ resizeRule: String, path: String) throws {
    if size != self.size {
      throw Self.refusal(
        path, "here pictures are \(size)x\(size), there \(self.size)x\(self.size)",
        "measure both with the same \(setting: .size)")
    }
    if resizeRule != self.resizeRule {
      throw Self.refusal(
        path, "pictures are resized by another rule: here \(resizeRule); there \(self.resizeRule)",
        "measure both with the same version of this program")
    }
    let definitions = definitions.filter { !MetricDefinition.optionalKeys.contains($0.key) }
    if let (here, there) = zip(MetricDefinition.all, definitions).first(where: { $0 != $1 }) {
      throw Self.refusal(
        path, "\(here.key) is defined otherwise there (\(there.key): \(there.text))",
        "measure both with the same version of this program")
    }
    if definitions.count != MetricDefinition.all.count {
      throw Self.refusal(
        path, "here \(MetricDefinition.all.count) metrics are measured, there \(definitions.count)",
        "measure both with the same version of this program")
    }
  }

  /// A report's definition of a metric; nil if it has none.
  func definition(of metric: Metric) -> String? { definitions.first { $0.key == metric.rawValue }?.text }

  private static func refusal(_ path: String, _ difference: String, _ advice: Sentence) -> Failure {
    Failure(.data, sentence: "\(path): the report cannot be compared with this one, as \(difference); \(advice).")
  }
}
