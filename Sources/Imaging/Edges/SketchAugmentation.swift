package import Support

/// An augmentation of edges that imitates sketches: lines are dropped, thickened and displaced.
///
/// A network then works with and without a sketch, and tolerates imprecise ones; otherwise an empty sketch would mean a
/// flat area. With probability `absent` there is no edge at all. Otherwise the probability of keeping a connected
/// component is drawn from `keep` once for the whole map; components that are kept are displaced and dilated
/// independently.
package struct SketchAugmentation: Hashable, Sendable {
  /// The probability of a map without edges.
  package var absent: Double
  /// The range of the probability of keeping a component, 0...1.
  package var keep: ClosedRange<Double>
  /// The range of the radius by which a component is dilated, in whole pixels: its lines are `2 * radius + 1` wide.
  package var dilation: ClosedRange<Int>
  /// The range of a component's maximum displacement, in whole pixels.
  package var shift: ClosedRange<Int>

  package init(
    absent: Double = 0.4, keep: ClosedRange<Double> = 0.3...1, dilation: ClosedRange<Int> = 0...2,
    shift: ClosedRange<Int> = 0...2
  ) {
    self.absent = absent
    self.keep = keep
    self.dilation = dilation
    self.shift = shift
  }

  /// The augmented edges, a pure function of the edges and the stream.
  ///
  /// - Precondition: No radius or distance is negative.
  package func applied(to edges: EdgeMap, using stream: inout RandomStream) -> EdgeMap {
    precondition(
      dilation.lowerBound >= 0 && shift.lowerBound >= 0,
      "SketchAugmentation.applied: expected a dilation and a shift of 0 or more, found \(dilation) and \(shift)")
    var sketch = [UInt8](repeating: 0, count: edges.values.count)
    if stream.chance(absent) { return EdgeMap(width: edges.width, height: edges.height, values: sketch) }
    let probability = keep.lowerBound + (keep.upperBound - keep.lowerBound) * stream.uniform()
    // One map for each radius: its components are dilated at once.
    var maps = [Int: [UInt8]]()
    for component in edges.components where stream.chance(probability) {
      let radius = stream.integer(in: dilation)
      let reach = stream.integer(in: shift)
      edges.draw(component, movedBy: reach, into: &maps[radius, default: sketch], using: &stream)
    }
    for (radius, values) in maps {
      let dilated = EdgeMap(width: edges.width, height: edges.height, values: values).dilated(by: Double(radius))
      for (index, value) in dilated.values.enumerated() { sketch[index] |= value }
    }
    return EdgeMap(width: edges.width, height: edges.height, values: sketch)
  }
}

extension EdgeMap {
  /// Draws a component under a smooth displacement. Neighbors stay connected, by lines if need be; points outside of
  /// the map are clipped.
  fileprivate func draw(
    _ component: ArraySlice<Int>, movedBy reach: Int, into values: inout [UInt8], using stream: inout RandomStream
  ) {
    guard reach > 0 else {
      for pixel in component { values[pixel] = 1 }
      return
    }
    let displacement = SmoothDisplacement(over: box(around: component), reach: reach, using: &stream)
    for pixel in component {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let start = displacement.moved(x: x, y: y)
      mark(start, in: &values)
      for (nextX, nextY) in [(x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1)]
      where (0..<width).contains(nextX) && nextY < height && self.values[nextY * width + nextX] != 0 {
        let end = displacement.moved(x: nextX, y: nextY)
        let (across, down) = (end.x - start.x, end.y - start.y)
        let steps = max(abs(across), abs(down))
        for step in stride(from: 1, to: steps, by: 1) {
          let share = Double(step) / Double(steps)
          mark(
            (start.x + Int((Double(across) * share).rounded()), start.y + Int((Double(down) * share).rounded())),
            in: &values)
        }
      }
    }
  }

  private func mark(_ point: (x: Int, y: Int), in values: inout [UInt8]) {
    guard (0..<width).contains(point.x), (0..<height).contains(point.y) else { return }
    values[point.y * width + point.x] = 1
  }

  private func box(around component: ArraySlice<Int>) -> PixelRectangle {
    var (left, right, top, bottom) = (width, 0, height, 0)
    for pixel in component {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
    }
    return PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }
}

/// A smooth random displacement: vectors on a coarse lattice, interpolated bilinearly. Independent noise in each pixel
/// would tear lines apart.
struct SmoothDisplacement {
  /// The spacing of the lattice in pixels.
  private static let spacing = 16

  private let box: PixelRectangle
  private let reach: Double
  /// The vectors of the lattice that covers the box, row by row.
  private let vectors: [SIMD2<Double>]
  private let columns: Int

  /// - Parameters:
  ///   - box: The rectangle whose pixels are moved.
  ///   - reach: The maximum displacement in pixels.
  init(over box: PixelRectangle, reach: Int, using stream: inout RandomStream) {
    self.box = box
    self.reach = Double(reach)
    columns = (box.width - 1) / Self.spacing + 2
    let rows = (box.height - 1) / Self.spacing + 2
    vectors = (0..<rows * columns).map { _ in Double(reach) * Self.pointOfUnitDisc(using: &stream) }
  }

  /// The displaced position of a pixel in the box.
  func moved(x: Int, y: Int) -> (x: Int, y: Int) {
    let (column, across) = (x - box.x).quotientAndRemainder(dividingBy: Self.spacing)
    let (row, down) = (y - box.y).quotientAndRemainder(dividingBy: Self.spacing)
    let shares = SIMD2(Double(across), Double(down)) / Double(Self.spacing)
    let first = row * columns + column
    let above = vectors[first] + (vectors[first + 1] - vectors[first]) * shares.x
    let below = vectors[first + columns] + (vectors[first + columns + 1] - vectors[first + columns]) * shares.x
    let vector = above + (below - above) * shares.y
    var whole = vector.rounded(.toNearestOrAwayFromZero)
    // Rounding may make the vector too long; rounding towards zero does not.
    if (whole * whole).sum() > reach * reach { whole = vector.rounded(.towardZero) }
    return (x + Int(whole.x), y + Int(whole.y))
  }

  /// A uniformly distributed point of the unit disc.
  private static func pointOfUnitDisc(using stream: inout RandomStream) -> SIMD2<Double> {
    while true {
      let point = SIMD2(stream.uniform(-1..<1), stream.uniform(-1..<1))
      if (point * point).sum() <= 1 { return point }
    }
  }
}
