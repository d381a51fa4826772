import Foundation
import Imaging
import Support

/// Broken lines in a few directions (Suvorov et al., "Resolution-robust Large Mask Inpainting with Fourier
/// Convolutions", 2021; the irregular holes of mmagic).
package struct IrregularHoles: HoleGenerator, Equatable {
  /// The number of strokes of a hole.
  package var strokes: ClosedRange<Int>
  /// The straight pieces of one stroke.
  package var segments: ClosedRange<Int>
  /// A piece points in a direction of 0 to this many radians, less one, in whole steps.
  package var directions: Int
  /// In pixels.
  package var length: ClosedRange<Int>
  /// In pixels.
  package var brushWidth: ClosedRange<Int>
  /// The hole's share of the picture; it is drawn again, at most 20 times, until it lies within.
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

  /// One drawing, whatever its fraction. Every other stroke turns the other way.
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
