import TestSupport

@testable import Imaging

/// Edges that scikit-image finds in a picture that comes from whole numbers alone.
struct EdgeReference: Sendable {
  let kind: String
  let width: Int
  let height: Int
  /// Canny's edges with a standard deviation of 2 and thresholds of 0.1 and 0.2, a bit a pixel.
  let canny: [UInt8]
  /// The same with a standard deviation of 1 and thresholds of 0.3 and 0.6.
  let fineCanny: [UInt8]
  /// The extended difference of Gaussians with its defaults.
  let ink: [UInt8]
  /// The same with an epsilon of ½ and without tone.
  let inkOnWhite: [UInt8]

  static let all = ["discs", "tiles", "bars"].map { EdgeReference($0, Fixture("edges")) }

  private init(_ kind: String, _ fixture: Fixture) {
    func packed(_ name: String) -> [UInt8] { fixture["\(kind)/\(name)"].map { UInt8($0) } }
    self.kind = kind
    (height, width) = (fixture.integers("\(kind)/size")[0], fixture.integers("\(kind)/size")[1])
    (canny, fineCanny) = (packed("canny"), packed("fine_canny"))
    (ink, inkOnWhite) = (packed("ink"), packed("ink_on_white"))
  }

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
  static func differences(of edges: EdgeMap, from packed: [UInt8]) -> Int {
    edges.values.indices.count { edges.values[$0] != packed[$0 / 8] >> (7 - $0 % 8) & 1 }
  }

  private static func noise(_ seed: UInt32, _ index: Int) -> Int {
    var hash = UInt32(index) &* 2_654_435_769 &+ seed
    hash = (hash ^ (hash >> 16)) &* 0x7feb_352d
    hash = (hash ^ (hash >> 15)) &* 0x846c_a68b
    return Int(hash ^ (hash >> 16))
  }
}
