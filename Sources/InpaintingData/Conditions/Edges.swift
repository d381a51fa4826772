package import Imaging
package import Support
package import Tensors

extension Condition {
  /// The lines that a prediction should follow: 1 on an edge, 0 elsewhere.
  package static let edges = Condition("edges", channels: 1)
}

extension EdgeMap: ConditionRaster {
  package var condition: Condition { .edges }

  package func write(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in values.enumerated() { destination[index] = Scalar(value) }
  }

  /// White lines in the hole, and gray ones where pixels are known, which networks do not see.
  package func shown(with hole: Hole) -> Picture {
    let pixels = zip(values, hole.values).map { $0 * ($1 == 1 ? 255 : 128) }
    return Picture(width: width, height: height, channels: 1, pixels: pixels)
  }

  package var shares: [(name: String, share: Double)] {
    [("edges", Double(values.reduce(0) { $0 + Int($1) }) / Double(values.count))]
  }
}

/// The subsection `data.edges`: the edges of pictures, detected or read from files, and their augmentation in training,
/// after which sketches work as well.
package struct EdgeSettings: ConditionSettings {
  package static let key = "edges"

  /// The origin of the edges.
  enum Origin: Sendable {
    case canny(CannyDetector)
    case differenceOfGaussians(DifferenceOfGaussiansDetector)
    /// The borders of the surfaces of built-in pictures.
    case scene
    case files(CompanionSettings, SketchReading.Lines?)
  }

  private enum Kind: String, CaseIterable {
    case canny, xdog, scene, files
  }

  let origin: Origin
  let augmentation: SketchAugmentation

  /// Canny edges, augmented.
  package static var usual: EdgeSettings? {
    EdgeSettings(origin: .canny(CannyDetector()), augmentation: SketchAugmentation())
  }

  private init(origin: Origin, augmentation: SketchAugmentation) {
    self.origin = origin
    self.augmentation = augmentation
  }

  package init(_ reader: JSONReader) throws {
    switch try reader.choice("kind", default: Kind.canny) {
    case .canny: origin = .canny(try CannyDetector(reader))
    case .xdog: origin = .differenceOfGaussians(try DifferenceOfGaussiansDetector(reader))
    case .scene: origin = .scene
    case .files:
      let lines = try reader.optional("lines")?.choice(of: SketchReading.Lines.self)
      origin = .files(try CompanionSettings(reader), lines)
    }
    augmentation = try SketchAugmentation(reader)
  }

  package func companions(among pictures: [ListedPicture]) -> [ListedPicture] {
    guard case .files(let files, _) = origin, files.areBeside else { return [] }
    return CompanionFiles.companions(among: pictures, suffix: EdgeSource.suffix)
  }

  package func source(
    validates: Bool, onNotice: @escaping @Sendable (String) -> Void
  ) throws -> any ConditionSource {
    let files: CompanionFiles? =
      if case .files(let settings, _) = origin {
        try settings.files(validates: validates, suffix: EdgeSource.suffix, noun: "edge picture")
      } else { nil }
    return EdgeSource(
      origin: origin, files: files, augmentation: validates ? nil : augmentation,
      notices: Notices(limit: 10, rest: "More edge pictures are like that; they are not named.", say: onNotice))
  }
}

/// The edges of examples, detected or read, and augmented in training.
struct EdgeSource: ConditionSource {
  /// The suffix of the names of edge pictures that lie beside their pictures (Yu et al., `<stem>_edge.jpg`).
  static let suffix = "edge"

  let origin: EdgeSettings.Origin
  /// Nil for detected edges.
  let files: CompanionFiles?
  /// Nil in validation.
  let augmentation: SketchAugmentation?
  let notices: Notices

  var condition: Condition { .edges }

  func check(_ pictures: PictureCollection) throws {
    if case .scene = origin, !pictures.isGenerated {
      throw Failure(
        .configuration,
        "`data.edges`: expected the kind \"canny\", \"xdog\" or \"files\", as files have no surfaces, found \"scene\".")
    }
    try files?.check(pictures)
  }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    let edges = try edges(of: sample)
    guard let augmentation else { return edges }
    var stream = sample.stream("edges")
    return augmentation.applied(to: edges, using: &stream)
  }

  private func edges(of sample: ConditionSample) throws -> EdgeMap {
    switch origin {
    case .canny(let detector): return detector.edges(of: sample.picture)
    case .differenceOfGaussians(let detector): return detector.edges(of: sample.picture)
    case .scene:
      guard let scene = sample.source.scene else {
        throw Failure(.data, "\(sample.source.name): expected a built-in picture, as only these have surfaces.")
      }
      return sample.geometry.applied(to: scene.edges)
    case .files(_, let lines):
      guard let files else { preconditionFailure("EdgeSource: no files were looked for") }
      let file = try files.file(for: sample.source)
      let reading = try SketchReading(contentsOfFile: file.path, lines: lines)
      try reading.edges.requireSize(of: sample.source.picture, file: file.path)
      if let remark = reading.remark { notices.add("\(file.path): \(remark).") }
      return sample.geometry.applied(to: reading.edges)
    }
  }
}

// MARK: Keys

extension CannyDetector {
  fileprivate init(_ reader: JSONReader) throws {
    let usual = CannyDetector()
    let (low, high) = (
      try reader.real("low", in: .nonNegative, default: usual.low),
      try reader.real("high", in: .positive, default: usual.high)
    )
    guard low <= high else {
      throw reader.failure(
        "`low`: expected at most `high`, \(high), as edges begin at `high` and grow through `low`, found \(low)")
    }
    self.init(sigma: try reader.real("sigma", in: 0.1...100, default: usual.sigma), low: low, high: high)
  }
}

extension DifferenceOfGaussiansDetector {
  fileprivate init(_ reader: JSONReader) throws {
    let usual = DifferenceOfGaussiansDetector()
    self.init(
      sigma: try reader.real("sigma", in: 0.1...100, default: usual.sigma),
      k: try reader.real("k", in: 1...10, default: usual.k),
      p: try reader.real("p", in: .nonNegative, default: usual.p),
      epsilon: try reader.real("epsilon", default: usual.epsilon),
      phi: try reader.real("phi", in: .positive, default: usual.phi),
      tone: try reader.real("tone", in: 0...1, default: usual.tone))
  }
}

extension SketchAugmentation {
  fileprivate init(_ reader: JSONReader) throws {
    self.init()
    absent = try reader.real("absent", in: 0...1, default: absent)
    let keep = try reader.reals("keep", count: 2...2, in: 0...1, default: [self.keep.lowerBound, self.keep.upperBound])
    guard keep[0] <= keep[1] else { throw reader.failure("`keep`: expected [lowest, highest], found \(keep)") }
    self.keep = keep[0]...keep[1]
    func range(_ key: String, _ usual: ClosedRange<Int>) throws -> ClosedRange<Int> {
      let ends = try reader.integers(key, count: 2...2, in: 0...64, default: [usual.lowerBound, usual.upperBound])
      guard ends[0] <= ends[1] else { throw reader.failure("`\(key)`: expected [lowest, highest], found \(ends)") }
      return ends[0]...ends[1]
    }
    dilation = try range("dilation", dilation)
    shift = try range("shift", shift)
  }
}
