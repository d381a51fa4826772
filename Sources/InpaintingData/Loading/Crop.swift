import Imaging
import Support

/// The method of cropping a picture file to the square that a network sees.
package enum Crop: String, CaseIterable, Sendable {
  /// A random square, at least as large as the training size where the picture is, at most as large as the picture's
  /// shorter side.
  case random = "random_crop"
  /// The largest square in the middle: for validation.
  case center = "center_crop"
  /// The whole picture, resized without keeping its aspect ratio.
  case resize

  /// Draws the geometry of a `size` x `size` example. A source whose shorter side is too short is upsampled.
  ///
  /// - Parameters:
  ///   - width, height: The size of the source.
  ///   - isFlipped: Flips the example horizontally.
  ///   - share: The side of a random square as a share of the shorter side, uniformly distributed; nil for the rule of
  ///     `random`.
  ///   - stream: The random stream, from which the size of a random square is drawn, then its column, then its row.
  func geometry(
    ofWidth width: Int, height: Int, size: Int, isFlipped: Bool = false, share: ClosedRange<Double>? = nil,
    using stream: inout RandomStream
  ) -> CropGeometry {
    switch self {
    case .resize:
      return CropGeometry(
        of: PixelRectangle(x: 0, y: 0, width: width, height: height), width: size, height: size, isFlipped: isFlipped)
    case .center:
      return .centeredSquare(ofWidth: width, height: height, size: size, isFlipped: isFlipped)
    case .random:
      let shorter = min(width, height)
      let exact: Double
      if let share {
        exact = Double(shorter) * (share.lowerBound + (share.upperBound - share.lowerBound) * stream.uniform())
      } else {
        // As if the shorter side were first scaled to a random length between the training size and its own.
        let scaled = stream.integer(in: min(size, shorter)...shorter)
        exact = Double(size) * Double(shorter) / Double(scaled)
      }
      let side = min(shorter, max(1, Int(exact.rounded())))
      let x = stream.integer(in: 0...width - side)
      let y = stream.integer(in: 0...height - side)
      return CropGeometry(
        of: PixelRectangle(x: x, y: y, width: side, height: side), width: size, height: size, isFlipped: isFlipped)
    }
  }
}
