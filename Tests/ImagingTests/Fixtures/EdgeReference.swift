import Foundation

@testable import Imaging

/// Edges that scikit-image finds in a picture that comes from whole numbers alone.
struct EdgeReference: Sendable {
  let kind: String
  let width: Int
  let height: Int
  /// A bit a pixel in base 64, of deviation 2 and thresholds 0.1 and 0.2.
  let canny: String
  /// Of deviation 1 and thresholds 0.3 and 0.6.
  let fineCanny: String
  /// The extended difference of Gaussians as its defaults are.
  let ink: String
  /// With epsilon ½ and without tone.
  let inkOnWhite: String

  /// The picture as the script makes it.
  var picture: Picture {
    Picture(width: width, height: height) { x, y, channel in
      switch kind {
      case "discs":
        let discs = [(18, 15, 12, 60), (42, 30, 17, 130), (5, 44, 9, 90)]
        let disc = discs.last { ($0.0 - x) * ($0.0 - x) + ($0.1 - y) * ($0.1 - y) <= $0.2 * $0.2 }
        return disc.map { $0.3 + 30 * channel } ?? (2 * x + y) % 120
      case "tiles":
        let tile = (y / 11 * 100 + x / 13) * 3 + channel
        return Self.noise(3, tile) % 200 + Self.noise(4, (y * width + x) * 3 + channel) % 56
      default:
        return 70 + ((3 * x + 5 * y) % 62 < 27 ? 3 * (width - x) / 2 : 0) + 20 * channel
      }
    }
  }

  /// The number of pixels in which edges differ from packed ones.
  static func differences(of edges: EdgeMap, from packed: String) -> Int {
    let bytes = [UInt8](Data(base64Encoded: packed)!)
    return edges.values.indices.count { edges.values[$0] != bytes[$0 / 8] >> (7 - $0 % 8) & 1 }
  }

  private static func noise(_ seed: UInt32, _ index: Int) -> Int {
    var hash = UInt32(index) &* 2_654_435_769 &+ seed
    hash = (hash ^ (hash >> 16)) &* 0x7feb_352d
    hash = (hash ^ (hash >> 15)) &* 0x846c_a68b
    return Int(hash ^ (hash >> 16))
  }
}
