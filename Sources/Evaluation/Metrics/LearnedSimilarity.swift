import Imaging
import NeuralNetworks
import Tensors

/// LPIPS, by a network whose weights somebody has named.
enum LearnedSimilarity: DescribedMetric {
  static let title = "LPIPS"
  static let definition =
    "Learned perceptual image patch similarity 0.1 (Zhang et al., 2018): squared differences of a network's features, brought "
    + "to unit length and weighted by heads calibrated on human judgments, summed over its depths. Whole picture: the "
    + "means of the depths' maps. Inside the hole: the mean over the missing pixels of the maps, resized bilinearly to "
    + "the picture, where pixels around the hole play a part as far as the network looks."
  static let better = BetterDirection.lower
  static let format = NumberFormat.plain(decimals: 4)

  /// - Parameters:
  ///   - maps: As `PerceptualSimilarity.distances` makes them, of one picture.
  ///   - hole: Of the picture's size, not empty.
  static func scores(_ maps: [Tensor], hole: Hole) -> RegionScores {
    let missing = hole.values.indices.filter { hole.values[$0] != 0 }
    var (whole, inside) = (0.0, 0.0)
    for map in maps {
      whole += map.withElements { $0.reduce(0) { $0 + Double($1) } } / Double(map.count)
      let resized = map.resizedBilinear(height: hole.height, width: hole.width)
      inside += resized.withElements { elements in missing.reduce(0) { $0 + Double(elements[$1]) } }
    }
    return RegionScores(whole: whole, hole: inside / Double(missing.count))
  }
}
