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
