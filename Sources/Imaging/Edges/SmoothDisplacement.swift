import Support

/// A displacement that changes little from pixel to pixel, as a hand strays from a line: random vectors on a coarse
/// lattice, interpolated bilinearly. Noise of each pixel's own would tear lines apart.
struct SmoothDisplacement {
  /// The pixels from one vector of the lattice to the next: a line strays from one side to the other about that often.
  private static let spacing = 16

  private let box: PixelRectangle
  private let reach: Double
  /// Vectors of the lattice that covers the box, row by row.
  private let vectors: [SIMD2<Double>]
  private let columns: Int

  /// - Parameters:
  ///   - box: The rectangle whose pixels are moved.
  ///   - reach: The distance in pixels that none is moved beyond.
  init(over box: PixelRectangle, reach: Int, using stream: inout RandomStream) {
    self.box = box
    self.reach = Double(reach)
    columns = (box.width - 1) / Self.spacing + 2
    let rows = (box.height - 1) / Self.spacing + 2
    vectors = (0..<rows * columns).map { _ in Double(reach) * Self.pointOfUnitDisc(using: &stream) }
  }

  /// The pixel that one of the box is moved to.
  func moved(x: Int, y: Int) -> (x: Int, y: Int) {
    let (column, across) = (x - box.x).quotientAndRemainder(dividingBy: Self.spacing)
    let (row, down) = (y - box.y).quotientAndRemainder(dividingBy: Self.spacing)
    let shares = SIMD2(Double(across), Double(down)) / Double(Self.spacing)
    let first = row * columns + column
    let above = vectors[first] + (vectors[first + 1] - vectors[first]) * shares.x
    let below = vectors[first + columns] + (vectors[first + columns + 1] - vectors[first + columns]) * shares.x
    let vector = above + (below - above) * shares.y
    var whole = vector.rounded(.toNearestOrAwayFromZero)
    // Rounded up on both axes, it may be too long; towards zero it never is.
    if (whole * whole).sum() > reach * reach { whole = vector.rounded(.towardZero) }
    return (x + Int(whole.x), y + Int(whole.y))
  }

  /// A point of the disc of radius 1, each as likely as any other.
  private static func pointOfUnitDisc(using stream: inout RandomStream) -> SIMD2<Double> {
    while true {
      let point = SIMD2(stream.uniform(-1..<1), stream.uniform(-1..<1))
      if (point * point).sum() <= 1 { return point }
    }
  }
}
