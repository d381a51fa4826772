import Foundation

/// The weights of the source's pixels in those of a resized picture.
package enum ResamplingFilter: String, CaseIterable, Sendable {
  /// The one pixel under the center; the only filter that invents no new values.
  case nearest
  /// A triangle of radius 1.
  case bilinear
  /// A cubic of radius 2 with a = -1/2 (Keys, 1981).
  case bicubic
  /// A windowed sinc of radius 3 (Duchon, 1979).
  case lanczos3

  /// The distance, in pixels, from which on the filter is zero.
  var radius: Double {
    switch self {
    case .nearest: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    }
  }

  /// The weight of a pixel at a distance from the center, before normalization.
  func weight(at distance: Double) -> Double {
    let x = abs(distance)
    guard x < radius else { return 0 }
    return switch self {
    case .nearest: 1
    case .bilinear: 1 - x
    case .bicubic: x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((2.5 - 0.5 * x) * x - 4) * x + 2
    case .lanczos3: Self.sinc(x) * Self.sinc(x / 3)
    }
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(.pi * x) / (.pi * x)
  }
}
