/// The rotation or reflection that turns a stored picture upright: the eight values of EXIF's tag `Orientation` (CIPA
/// DC-008, section 4.6.5).
package enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  /// Flipped horizontally.
  case mirrored = 2
  /// Rotated by 180°.
  case halfTurn = 3
  /// Flipped vertically.
  case flipped = 4
  /// Reflected across the main diagonal, from the top left.
  case transposed = 5
  /// Rotated clockwise by 90°.
  case quarterTurn = 6
  /// Reflected across the other diagonal, from the top right.
  case transverse = 7
  /// Rotated clockwise by 270°.
  case threeQuarterTurn = 8

  /// True if width and height are swapped.
  package var isTransposed: Bool { rawValue >= 5 }
}

extension Picture {
  /// The picture rotated or reflected, alpha and metadata included.
  ///
  /// - Returns: A picture of `height` x `width` for the four orientations that swap the sides, else of the same size.
  package func oriented(_ orientation: Orientation) -> Picture {
    if orientation == .upright { return self }
    let path = SourceIndexing(orientation, width: width, height: height)
    return Picture(
      width: path.width, height: path.height, channels: channels, pixels: path.gather(pixels, channels: channels),
      alpha: alpha.map { path.gather($0, channels: 1) },
      metadata: orientation.isTransposed ? metadata.transposed : metadata)
  }

  package func flippedHorizontally() -> Picture {
    oriented(.mirrored)
  }
}

/// The source index of each pixel of a reoriented picture: `origin + x * columnStep + y * rowStep`.
private struct SourceIndexing {
  /// The size of the reoriented picture.
  let width: Int
  let height: Int
  private let origin: Int
  private let columnStep: Int
  private let rowStep: Int

  init(_ orientation: Orientation, width: Int, height: Int) {
    let (topLeft, topRight) = (0, width - 1)
    let (bottomLeft, bottomRight) = ((height - 1) * width, height * width - 1)
    (origin, columnStep, rowStep) =
      switch orientation {
      case .upright: (topLeft, 1, width)
      case .mirrored: (topRight, -1, width)
      case .halfTurn: (bottomRight, -1, -width)
      case .flipped: (bottomLeft, 1, -width)
      case .transposed: (topLeft, width, 1)
      case .quarterTurn: (bottomLeft, -width, 1)
      case .transverse: (bottomRight, -width, -1)
      case .threeQuarterTurn: (topRight, width, -1)
      }
    self.width = orientation.isTransposed ? height : width
    self.height = orientation.isTransposed ? width : height
  }

  /// Copies `width * height` pixels of `channels` values each to their new positions.
  func gather(_ source: [UInt8], channels: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: source.count) { target, initializedCount in
      source.withUnsafeBufferPointer { source in
        var position = 0
        for y in 0..<height {
          var pixel = origin + y * rowStep
          for _ in 0..<width {
            for channel in 0..<channels { target[position + channel] = source[pixel * channels + channel] }
            position += channels
            pixel += columnStep
          }
        }
      }
      initializedCount = source.count
    }
  }
}
