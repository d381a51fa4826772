package import Imaging

/// The metrics of a report, in the order of its columns; the raw values are their keys in JSON.
///
/// A new metric of pixels is a file with a `PictureMetric`, a case here, and lines in `type` and `isInEveryReport`. LPIPS
/// and the edges are measured by networks and detectors and have only their descriptions here; the FID, a number of a whole
/// set, is not among them.
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
  /// The learned perceptual image patch similarity; only with a network's weights.
  case lpips
  /// The agreement of edges with a sketch; only with sketches.
  case edges = "edge_f"

  /// The metrics that are computed from pixels alone.
  package static let ofPixels = allCases.filter { $0.pixelType != nil }

  /// True for a metric that also the oldest reports have.
  var isInEveryReport: Bool {
    switch self {
    case .l1, .l2, .psnr, .ssim, .totalVariation: true
    case .seam, .lpips, .edges: false
    }
  }

  /// The type that describes the metric.
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

  /// The type that computes the metric from pixels alone; nil if that is not possible.
  private var pixelType: (any PictureMetric.Type)? { type as? any PictureMetric.Type }

  /// The title, such as `PSNR`.
  package var title: String { type.title }
  /// A description of the computation, for display.
  package var definition: String { type.definition }
  /// The rule by which one of two values is the better one.
  package var better: BetterDirection { type.better }
  /// The number format in tables.
  package var format: NumberFormat { type.format }
  /// True if the metric needs a reference, so that originals are not measured.
  var needsOriginal: Bool { type.needsOriginal }

  /// The metric's values for a filled picture.
  ///
  /// - Precondition: The metric is one `ofPixels`; for `ssim`, the picture has at least 11 rows and columns.
  package func scores(_ comparison: Comparison) -> RegionScores {
    guard let pixelType else { preconditionFailure("Metric.scores: \(title) takes more than pixels") }
    return pixelType.scores(comparison)
  }

  /// The title with the unit, as above a column.
  package var heading: String { format.unit.isEmpty ? title : "\(title) (\(format.unit))" }
}

/// A metric with its title and its definition in words.
protocol DescribedMetric {
  /// The title, such as `PSNR`.
  static var title: String { get }
  /// The definition in a sentence or two, for display; stated only here.
  static var definition: String { get }
  static var better: BetterDirection { get }
  /// The number format in tables.
  static var format: NumberFormat { get }
  /// True if the metric needs a reference, so that originals are not measured.
  static var needsOriginal: Bool { get }
}

/// A metric that is computed from pixels alone.
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
  /// Neither: the value should be near that of the originals.
  case nearOriginal
}

/// The format of a number in tables.
package struct NumberFormat: Sendable {
  /// The unit, which follows the metric's name; empty if there is none.
  package let unit: String
  /// The factor that values are multiplied by: 100 for per cent.
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

  /// The key, such as `psnr` or `hole_psnr`.
  package var key: String { region == .whole ? metric.rawValue : "hole_" + metric.rawValue }

  /// Every metric over the whole picture, then every metric inside the hole.
  package static let all: [ScoreColumn] = Region.allCases.flatMap(columns)

  /// Every metric in one region.
  package static func columns(in region: Region) -> [ScoreColumn] {
    Metric.allCases.map { ScoreColumn(metric: $0, region: region) }
  }
}

/// The scores of one filled picture, a value for every column.
package struct Scores: Equatable, Sendable {
  /// Values in the units of JSON, in the order of `ScoreColumn.all`; nil where nothing is measured.
  let values: [Double?]

  init(values: [Double?]) {
    precondition(values.count == ScoreColumn.all.count, "Scores: expected a value for every column")
    self.values = values
  }

  /// Measures a filled picture.
  ///
  /// - Precondition: Sizes agree, the hole is not empty, and the picture has at least 11 rows and columns.
  package init(of filled: Picture, original: Picture, hole: Hole) {
    let comparison = Comparison(filled: PictureValues(filled), original: PictureValues(original), hole: hole)
    self.init(comparison, metrics: Metric.ofPixels)
  }

  /// Measures an original by the metrics that need no reference.
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

  /// The scores with the values of one more metric; nil changes nothing.
  func with(_ metric: Metric, _ scores: RegionScores?) -> Scores {
    guard let scores else { return self }
    return Scores(values: zip(ScoreColumn.all, values).map { $0.metric == metric ? scores[$0.region] : $1 })
  }

  /// The value in a column; nil where nothing is measured.
  package subscript(column: ScoreColumn) -> Double? {
    ScoreColumn.all.firstIndex(of: column).flatMap { values[$0] }
  }
}

/// Common metrics that need weights, with the reason if they are not measured.
package enum OmittedMetric: String, CaseIterable, Sendable {
  /// Learned perceptual image patch similarity (Zhang et al., 2018).
  case lpips = "LPIPS"
  /// The Fréchet inception distance (Heusel et al., 2017).
  case fid = "FID"

  /// The reason why the metric is not measured, to follow its name and "it".
  package var reason: String {
    switch self {
    case .lpips: "needs weights that were trained on human judgments, and none come with this program"
    case .fid: "needs weights of an Inception network trained on ImageNet, and none come with this program"
    }
  }

  /// `LPIPS is not measured: it needs …`
  package var sentence: String { "\(rawValue) is not measured: it \(reason)." }
}
