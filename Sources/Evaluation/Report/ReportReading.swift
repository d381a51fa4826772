import Support

extension EvaluationReport {
  /// Reads a report that `json` has written, of at most 1 GiB. Means are not read but computed again; scores of
  /// labels are left out.
  ///
  /// - Throws: `Failure` of kind `missingInput` or `inputOutput`; `data` if it is not such a report, or has
  ///   another resizing rule, other metrics or other methods than this program.
  package init(path: String) throws {
    try self.init(parsing: try FileReader.read(path, limit: 1 << 30), source: path)
  }

  /// - Parameter source: The name of the text in messages.
  init(parsing text: [UInt8], source: String) throws {
    let value = try JSONValue(parsing: text, as: .strict, source: source, kind: .data)
    guard value["format"] == JSONValue(Self.format) else {
      throw Failure(
        .data,
        sentence:
          "\(source): expected a report that an evaluation has written with \(setting: .json), found something else.")
    }
    try self.init(JSONReader(value, source: source, kind: .data), source: source)
  }

  private init(_ reader: JSONReader, source: String) throws {
    let definitions = try reader.objects("metrics").map {
      EvaluationConditions.MetricDefinition(key: try $0.string("key"), text: try $0.string("definition"))
    }
    let conditions = try EvaluationConditions(reader.object("conditions"), definitions: definitions)
    // Other metrics have other columns: this failure is clearer than one about a missing key.
    try conditions.requireSameRule(as: SquareRule(size: conditions.size), path: source)
    let records = try reader.objects("pictures").map(PictureRecord.init)
    guard !records.isEmpty else { throw Failure(.data, "\(source): expected a report of pictures, found none in it.") }
    self.init(
      weights: try reader.object("weights").weights,
      conditions: conditions, records: records,
      skipped: try reader.objects("skipped").map {
        SkippedPicture(name: try $0.string("name"), reason: try $0.string("reason"))
      },
      networks: NetworkScores(
        perceptual: try reader.value("lpips")?.object().weights,
        frechet: try reader.value("fid").map(FrechetScores.init)
      ))
  }
}

extension FrechetScores {
  fileprivate init(_ field: JSONField) throws {
    let reader = try field.object()
    let distances = try reader.object("distances")
    self.init(
      network: try reader.weights, pictureCount: try reader.integer("pictures", in: 1 ... .max),
      distances: try FillingMethod.all.map { try distances.value($0.key)?.realIfAny() })
  }
}

extension JSONField {
  /// A number; nil for `null`.
  fileprivate func realIfAny() throws -> Double? { value.content == .null ? nil : try real() }
}

extension JSONReader {
  /// The identity of the weights that an object describes.
  fileprivate var weights: WeightsIdentity {
    get throws { WeightsIdentity(name: try string("name"), hash: try string("hash")) }
  }

  /// The elements of an array of objects.
  fileprivate func objects(_ key: String) throws -> [JSONReader] {
    try required(key).array().map { try $0.object() }
  }

  /// The value of a required key.
  fileprivate func required(_ key: String) throws -> JSONField {
    guard let value = value(key) else { throw failure("expected the key `\(key)`, found none") }
    return value
  }
}

extension EvaluationConditions {
  fileprivate init(_ reader: JSONReader, definitions: [MetricDefinition]) throws {
    self.init(
      size: try reader.integer("size", in: 1...1_000_000), resizeRule: try reader.string("resize_rule"),
      holes: try reader.string("holes"), holeHash: try reader.string("holes_sha256"),
      pictureHash: try reader.string("pictures_sha256"),
      pictureCount: try reader.integer("picture_count", in: 1 ... .max),
      fileTypes: try reader.value("file_types")?.string(), definitions: definitions)
  }
}

extension PictureRecord {
  fileprivate init(_ reader: JSONReader) throws {
    let pixelCount = try reader.integer("pixels", in: 1...1_000_000_000)
    self.init(
      name: try reader.string("name"), missingCount: try reader.integer("missing_pixels", in: 0...pixelCount),
      pixelCount: pixelCount,
      scores: try FillingMethod.all.map { method in
        if !method.isInEveryReport, reader.value(method.key) == nil {
          return Scores(values: ScoreColumn.all.map { _ in nil })
        }
        let scores = try reader.required(method.key).object()
        return Scores(
          values: try ScoreColumn.all.map { column in
            // Some reports lack metrics of networks, and older ones those that were added later.
            let value =
              column.metric.isInEveryReport ? try scores.required(column.key) : scores.value(column.key)
            return try value?.realIfAny()
          })
      })
  }
}
