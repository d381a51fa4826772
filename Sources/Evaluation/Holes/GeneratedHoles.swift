import Imaging
import InpaintingData
import Support

/// Holes for evaluation that never change: brush strokes, a pure function of the seed, the picture's name and the size.
///
/// Each hole first draws its class of `HoleRatio` and how many pixels are to be missing, then adds strokes until they
/// are. Only integers and the operations that IEEE 754 rounds exactly (sums, products, quotients, square roots) take part,
/// no sines and logarithms, whose last bits differ between machines: the same pixels are missing everywhere.
struct GeneratedHoles: Equatable, Sendable {
  /// The number that selects the series of holes.
  let seed: UInt64

  /// The recipe in words.
  static let recipe =
    "generated brush strokes (1 to 5 straight pieces, up to 1/3 of the side long on each axis, 1/24 to 1/6 of it wide; ratios "
    + "of hole to picture 0.01–0.6)"

  /// The hole of a picture, `size` x `size`.
  ///
  /// - Precondition: The size is at least 16, so that every class has room.
  func hole(forPicture name: String, size: Int) -> Hole {
    precondition(size >= 16, "GeneratedHoles: expected a size of at least 16, found \(size)")
    var stream = RandomStream(seed: seed, purpose: "evaluation hole " + name, step: size)
    let ratio = HoleRatio.all[stream.integer(in: 0..<HoleRatio.all.count)]
    let allowed = ratio.missingCounts(of: size * size)
    // Not the topmost quarter, so that there is room for strokes to end in.
    let wanted = allowed.lowerBound + stream.integer(in: 0...allowed.count * 3 / 4)
    var hole = Hole(width: size, height: size)
    var stroke = size
    // A stroke that would be too much is tried again at half the size; one of a single pixel always fits.
    while hole.missingCount < wanted {
      var tried = hole
      addStroke(to: &tried, size: stroke, using: &stream)
      if tried.missingCount <= allowed.upperBound { hole = tried } else { stroke = max(1, stroke / 2) }
    }
    return hole
  }

  /// A line of one to five straight pieces with round joints.
  ///
  /// - Parameter size: The brush is up to a sixth of it wide, and a piece up to a third of it long on each axis.
  private func addStroke(to hole: inout Hole, size: Int, using stream: inout RandomStream) {
    let brush = stream.integer(in: max(1, size / 24)...max(1, size / 6))
    let reach = size / 3
    var column = stream.integer(in: 0..<hole.width)
    var row = stream.integer(in: 0..<hole.height)
    for _ in 0..<stream.integer(in: 1...5) {
      let start = Hole.Point(x: Double(column), y: Double(row))
      column = min(max(column + stream.integer(in: -reach...reach), 0), hole.width - 1)
      row = min(max(row + stream.integer(in: -reach...reach), 0), hole.height - 1)
      let end = Hole.Point(x: Double(column), y: Double(row))
      hole.fillSegment(from: start, to: end, width: Double(brush))
      for joint in [start, end] { hole.fillDisc(centerX: joint.x, centerY: joint.y, radius: Double((brush - 1) / 2)) }
    }
  }
}
