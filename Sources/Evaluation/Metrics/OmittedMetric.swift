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
