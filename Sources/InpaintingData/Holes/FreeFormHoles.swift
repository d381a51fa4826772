import Foundation
import Imaging
import Support

/// Brush strokes that wander to and fro (Yu et al., "Free-Form Image Inpainting with Gated Convolution", 2019,
/// algorithm 1, with the numbers of the authors' code).
///
/// The length of a movement grows with the picture's diagonal, the width of the brush does not: it is in pixels.
package struct FreeFormHoles: HoleGenerator, Equatable {
  /// The number of strokes of a hole, each number equally likely.
  package var strokes: ClosedRange<Int>
  /// The movements of one stroke.
  package var vertices: ClosedRange<Int>
  /// In pixels.
  package var brushWidth: ClosedRange<Int>

  /// The defaults are those of the paper's code.
  package init(
    strokes: ClosedRange<Int> = 1...3, vertices: ClosedRange<Int> = 4...11, brushWidth: ClosedRange<Int> = 12...39
  ) {
    self.strokes = strokes
    self.vertices = vertices
    self.brushWidth = brushWidth
  }

  package func drawing(width: Int, height: Int, using stream: inout RandomStream) -> Hole {
    var hole = Hole(width: width, height: height)
    for _ in 0..<stream.integer(in: strokes) { addStroke(to: &hole, using: &stream) }
    return hole
  }

  /// A line through the points of a path, and discs that make its ends and bends round.
  private func addStroke(to hole: inout Hole, using stream: inout RandomStream) {
    let points = path(width: hole.width, height: hole.height, using: &stream)
    let brush = stream.integer(in: brushWidth)
    hole.fillPolyline(through: points, width: Double(brush))
    for point in points { hole.fillDisc(centerX: point.x, centerY: point.y, radius: Double(brush / 2)) }
  }

  /// The points where the brush turns: a random start, then movements that alternate between two directions.
  private func path(width: Int, height: Int, using stream: inout RandomStream) -> [Hole.Point] {
    let meanAngle = 2 * Double.pi / 5
    let angleRange = 2 * Double.pi / 15
    let lowest = meanAngle - stream.uniform() * angleRange
    let highest = meanAngle + stream.uniform() * angleRange
    let meanLength = Double(width * width + height * height).squareRoot() / 8
    let deviation = (meanLength / 2).rounded(.down)

    var point = Hole.Point(
      x: Double(stream.integer(in: 0..<width)), y: Double(stream.integer(in: 0..<height)))
    var points = [point]
    for movement in 0..<stream.integer(in: vertices) {
      let turn = lowest + (highest - lowest) * stream.uniform()
      let angle = movement.isMultiple(of: 2) ? 2 * .pi - turn : turn
      let length = min(max(meanLength + deviation * stream.normal(), 0), 2 * meanLength)
      // Whole pixels within the picture, its far edges included.
      point.x = min(max(point.x + length * cos(angle), 0), Double(width)).rounded(.down)
      point.y = min(max(point.y + length * sin(angle), 0), Double(height)).rounded(.down)
      points.append(point)
    }
    return points
  }
}
