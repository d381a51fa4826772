import Imaging
import TestSupport

@testable import Evaluation

/// Numbers of scikit-image for a picture and a hole that come from integers alone.
struct MetricReference {
  let width: Int
  let height: Int
  let hole: String
  /// The number of levels of noise that the original has.
  let roughness: Int

  static let all = [
    MetricReference(width: 32, height: 24, hole: "box", roughness: 60),
    MetricReference(width: 40, height: 33, hole: "corner", roughness: 12),
    MetricReference(width: 21, height: 48, hole: "stripes", roughness: 75),
    MetricReference(width: 11, height: 11, hole: "stripes", roughness: 30),
  ]

  private static let fixture = Fixture("metrics")

  /// A metric's value over the whole picture, and inside the hole.
  func value(_ metric: Metric) -> (whole: Double, hole: Double) {
    let pair = Self.fixture["\(width)x\(height)/\(hole)/\(roughness)/\(metric.rawValue)"]
    return (pair[0], pair[1])
  }

  var original: Picture { Self.picture(seed: 1, width: width, height: height, roughness: roughness) }

  /// The original with other noise in the hole.
  var filled: Picture {
    var picture = original
    let other = Self.picture(seed: 2, width: width, height: height, roughness: roughness / 2 + 1)
    let raster = raster
    for value in picture.pixels.indices where raster.values[value / 3] != 0 {
      picture.pixels[value] = other.pixels[value]
    }
    return picture
  }

  var raster: Hole {
    Hole(width: width, height: height) { x, y in
      switch hole {
      case "box": x >= 8 && x < 20 && y >= 6 && y < 15
      case "corner": x + y < 14
      default: (x * 7 + y * 5) % 11 < 4
      }
    }
  }

  /// A ramp with noise on top, as the script makes it.
  private static func picture(seed: UInt32, width: Int, height: Int, roughness: Int) -> Picture {
    let pixels = (0..<width * height * 3).map { index in
      var hash = UInt32(index) &* 2_654_435_769 &+ seed
      hash = (hash ^ (hash >> 16)) &* 0x7feb_352d
      hash = (hash ^ (hash >> 15)) &* 0x846c_a68b
      hash ^= hash >> 16
      let (x, y, channel) = (index / 3 % width, index / 3 / width, index % 3)
      return UInt8((3 * x + 2 * y + 40 * channel) % 180 + Int(hash) % roughness)
    }
    return Picture(width: width, height: height, channels: 3, pixels: pixels)
  }
}

extension Hole {
  /// A hole where `isMissing(x, y)` says so.
  init(width: Int, height: Int, isMissing: (Int, Int) -> Bool) {
    self.init(
      width: width, height: height,
      values: (0..<width * height).map { isMissing($0 % width, $0 / width) ? 1 : 0 })
  }
}
