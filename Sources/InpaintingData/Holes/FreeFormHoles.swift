import Foundation
package import Imaging
package import Support

/// Random brush strokes (Yu et al., "Free-Form Image Inpainting with Gated Convolution", 2019, algorithm 1, with the
/// numbers of the authors' code).
///
/// The length of a movement grows with the picture's diagonal, the width of the brush does not: it is in pixels.
package struct FreeFormHoles: HoleGenerator, Equatable {
  /// The range of the number of strokes, uniformly distributed.
  package var strokes: ClosedRange<Int>
  /// The range of the number of movements of a stroke.
  package var vertices: ClosedRange<Int>
  /// The range in pixels.
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

/// Broken lines in a few directions (Suvorov et al., "Resolution-robust Large Mask Inpainting with Fourier
/// Convolutions", 2021; the irregular holes of mmagic).
package struct IrregularHoles: HoleGenerator, Equatable {
  /// The range of the number of strokes.
  package var strokes: ClosedRange<Int>
  /// The range of the number of segments of a stroke.
  package var segments: ClosedRange<Int>
  /// The angle of a segment is drawn from 0, 1, 2, … radians, of which there are this many.
  package var directions: Int
  /// The range in pixels.
  package var length: ClosedRange<Int>
  /// The range in pixels.
  package var brushWidth: ClosedRange<Int>
  /// The range of the share of missing pixels; the hole is drawn up to 20 times until its share lies within.
  package var fraction: ClosedRange<Double>

  /// The defaults are those of mmagic.
  package init(
    strokes: ClosedRange<Int> = 4...9, segments: ClosedRange<Int> = 1...5, directions: Int = 6,
    length: ClosedRange<Int> = 20...127, brushWidth: ClosedRange<Int> = 10...44,
    fraction: ClosedRange<Double> = 0.15...0.65
  ) {
    self.strokes = strokes
    self.segments = segments
    self.directions = directions
    self.length = length
    self.brushWidth = brushWidth
    self.fraction = fraction
  }

  package func drawing(width: Int, height: Int, using stream: inout RandomStream) -> Hole {
    var hole = attempt(width: width, height: height, using: &stream)
    for _ in 1..<20 where !fraction.contains(hole.missingFraction) {
      hole = attempt(width: width, height: height, using: &stream)
    }
    return hole
  }

  /// One drawing, whatever its fraction. Every other stroke has mirrored angles.
  private func attempt(width: Int, height: Int, using stream: inout RandomStream) -> Hole {
    var hole = Hole(width: width, height: height)
    for stroke in 0..<stream.integer(in: strokes) {
      var start = Hole.Point(
        x: Double(stream.integer(in: 0..<width)), y: Double(stream.integer(in: 0..<height)))
      for _ in 0..<stream.integer(in: segments) {
        let turn = 0.01 + Double(stream.integer(in: 0..<directions))
        let angle = stroke.isMultiple(of: 2) ? 2 * .pi - turn : turn
        let reach = Double(stream.integer(in: length))
        let brush = Double(stream.integer(in: brushWidth))
        let end = Hole.Point(
          x: min(max((start.x + reach * sin(angle)).rounded(.towardZero), 0), Double(width)),
          y: min(max((start.y + reach * cos(angle)).rounded(.towardZero), 0), Double(height)))
        hole.fillSegment(from: start, to: end, width: brush)
        start = end
      }
    }
    return hole
  }
}
