/// Distances from the edge of a hole, by the fast marching method (Sethian, 1996): the solution of |∇T| = 1 with T = 0 on
/// the known pixels that touch the hole.
struct DistanceMarch {
  /// The side of the edge that is measured.
  enum Side {
    /// From the edge inwards.
    case hole
    /// From the edge outwards.
    case known
  }

  /// 0 on the edge; infinite on the other side and beyond the limit.
  private(set) var distances: [Double]
  /// The pixels that were reached, the edge left out, in the order of their distances.
  private(set) var order: [Int] = []
  /// The raster's size.
  private let width: Int
  private let height: Int

  /// Pixels that are taken from the front between two questions whether the distances are still wanted.
  private static let grain = 4096

  /// - Parameters:
  ///   - limit: The distance at which the march ends.
  ///   - isCancelled: Ends the march where it stands once it says true.
  init(from hole: Hole, into side: Side, limit: Double, isCancelled: () -> Bool = { false }) {
    (width, height) = (hole.width, hole.height)
    distances = [Double](repeating: .infinity, count: hole.values.count)
    let wanted: UInt8 = side == .hole ? 1 : 0
    var isFinal = hole.values.map { $0 != wanted }
    var front = MinimumHeap()
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      if neighbors(of: pixel).contains(where: { hole.values[$0] != 0 }) {
        distances[pixel] = 0
        front.insert(pixel, at: 0)
      }
    }
    var count = 0
    while let (pixel, distance) = front.removeFirst(), distance <= limit {
      if count.isMultiple(of: Self.grain), isCancelled() { break }
      count += 1
      if isFinal[pixel] && distance > 0 { continue }
      isFinal[pixel] = true
      if distance > 0 { order.append(pixel) }
      for next in neighbors(of: pixel) where !isFinal[next] {
        let found = arrival(at: next)
        if found < distances[next] {
          distances[next] = found
          front.insert(next, at: found)
        }
      }
    }
  }

  /// The smallest distance that the neighbors of a pixel allow: each pair of a horizontal and a vertical one gives a
  /// quadratic equation.
  private func arrival(at pixel: Int) -> Double {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let across = min(
      column > 0 ? distances[pixel - 1] : .infinity, column < width - 1 ? distances[pixel + 1] : .infinity)
    let down = min(
      row > 0 ? distances[pixel - width] : .infinity, row < height - 1 ? distances[pixel + width] : .infinity)
    let difference = abs(across - down)
    // Also if one of them is infinite: then the front comes straight along the other axis.
    guard difference < 1 else { return min(across, down) + 1 }
    return (across + down + (2 - difference * difference).squareRoot()) / 2
  }

  /// The pixels above, below, left and right of one, as far as they exist.
  private func neighbors(of pixel: Int) -> [Int] {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    var found: [Int] = []
    if column > 0 { found.append(pixel - 1) }
    if row > 0 { found.append(pixel - width) }
    if column < width - 1 { found.append(pixel + 1) }
    if row < height - 1 { found.append(pixel + width) }
    return found
  }
}
