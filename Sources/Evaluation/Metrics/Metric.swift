package import Imaging

/// The metrics of a report, in the order of its columns; the raw values are their keys in JSON.
///
/// A new one is a file with a `PictureMetric`, a case here, and its line in `type`.
package enum Metric: String, CaseIterable, Sendable {
  /// The mean absolute difference.
  case l1
  /// The mean squared difference.
  case l2
  /// The peak signal-to-noise ratio, in decibels.
  case psnr
  /// The structural similarity index.
  case ssim
  /// The mean absolute differences of neighboring pixels.
  case totalVariation = "total_variation"
  /// The contrast across the hole's rim.
  case seam
  /// The learned perceptual image patch similarity; only where somebody has named a network's weights.
  case lpips
  /// The agreement of edges with a sketch; only where there are sketches.
  case edges = "edge_f"

  /// The metrics that pixels are enough for: every report has them.
  package static let ofPixels = allCases.filter { $0.pixelType != nil }

  /// True of a metric that reports of every age have.
  var isInEveryReport: Bool {
    switch self {
    case .l1, .l2, .psnr, .ssim, .totalVariation: true
    case .seam, .lpips, .edges: false
    }
  }

  /// The type that describes it.
  private var type: any DescribedMetric.Type {
    switch self {
    case .l1: MeanAbsoluteError.self
    case .l2: MeanSquaredError.self
    case .psnr: PeakSignalToNoise.self
    case .ssim: StructuralSimilarity.self
    case .totalVariation: TotalVariation.self
    case .seam: SeamContrast.self
    case .lpips: LearnedSimilarity.self
    case .edges: EdgeFidelity.self
    }
  }

  /// The type that computes it; nil if that takes more.
  private var pixelType: (any PictureMetric.Type)? { type as? any PictureMetric.Type }

  /// Such as `PSNR`.
  package var title: String { type.title }
  /// A description of the computation, for people.
  package var definition: String { type.definition }
  /// The rule by which one of two values is the better one.
  package var better: BetterDirection { type.better }
  /// The form in which tables print it.
  package var format: NumberFormat { type.format }
  /// True if measuring an original says nothing.
  var needsOriginal: Bool { type.needsOriginal }

  /// The metric's values for a filling.
  ///
  /// - Precondition: The metric is one `ofPixels`; for `ssim`, the picture has at least 11 rows and columns.
  package func scores(_ comparison: Comparison) -> RegionScores {
    guard let pixelType else { preconditionFailure("Metric.scores: \(title) takes more than pixels") }
    return pixelType.scores(comparison)
  }

  /// The title with the unit, as above a column.
  package var heading: String { format.unit.isEmpty ? title : "\(title) (\(format.unit))" }
}

/// A metric: what it is called, and how it is defined in words.
protocol DescribedMetric {
  /// Such as `PSNR`.
  static var title: String { get }
  /// The definition, in a sentence or two, for people: the only place where it is stated.
  static var definition: String { get }
  static var better: BetterDirection { get }
  /// The form in which tables print it.
  static var format: NumberFormat { get }
  /// True if it says nothing about a picture alone, so that measuring originals is idle.
  static var needsOriginal: Bool { get }
}

/// A metric that pixels are enough for.
protocol PictureMetric: DescribedMetric {
  /// The metric over the whole picture, and over the missing pixels.
  static func scores(_ comparison: Comparison) -> RegionScores
}

extension DescribedMetric {
  static var needsOriginal: Bool { true }
}

/// The rule by which one of two values of a metric is the better one.
package enum BetterDirection: Sendable {
  case lower
  case higher
  /// Neither: the value is to be near that of the originals.
  case nearOriginal
}

/// The form in which tables print a number.
package struct NumberFormat: Sendable {
  /// Behind the metric's name; empty if there is none.
  package let unit: String
  /// The number that values are multiplied by: 100 for per cent.
  let factor: Double
  let decimals: Int

  static func percent(decimals: Int) -> NumberFormat { NumberFormat(unit: "%", factor: 100, decimals: decimals) }
  static func plain(unit: String = "", decimals: Int) -> NumberFormat {
    NumberFormat(unit: unit, factor: 1, decimals: decimals)
  }
}

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

/// Metrics that readers will look for, and the reason if they are not measured.
package enum OmittedMetric: String, CaseIterable, Sendable {
  /// Learned perceptual image patch similarity (Zhang et al., 2018).
  case lpips = "LPIPS"
  /// The Fréchet inception distance (Heusel et al., 2017).
  case fid = "FID"

  /// The end of a sentence on what would be needed, to go on after the name and "it".
  package var reason: String {
    switch self {
    case .lpips: "needs weights that were trained on human judgments, and none come with this program"
    case .fid: "needs weights of an Inception network trained on ImageNet, and none come with this program"
    }
  }

  /// `LPIPS is not measured: it needs …`
  package var sentence: String { "\(rawValue) is not measured: it \(reason)." }
}
