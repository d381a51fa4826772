/// Rectangles and discs.
extension Hole {
  /// Fills `width` x `height` pixels whose top left one is (`x`, `y`); nothing if a side is not positive.
  package mutating func fillRectangle(x: Int, y: Int, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    let bottom = Double(y) + Double(height) - 1
    for row in rows(from: Double(y), to: bottom) {
      fillRow(row, from: Double(x), to: Double(x) + Double(width) - 1)
    }
  }

  /// Fills a disc `2 * radius + 1` pixels across: those whose centers lie within `radius + 1/2` of its center. Radius 0
  /// is one pixel; a negative radius is nothing.
  package mutating func fillDisc(centerX: Double, centerY: Double, radius: Double) {
    guard radius >= 0 else { return }
    let reach = radius + 0.5
    for row in rows(from: centerY - reach, to: centerY + reach) {
      let distance = Double(row) - centerY
      let halfWidth = (reach * reach - distance * distance).squareRoot()
      fillRow(row, from: (centerX - halfWidth).rounded(.up), to: (centerX + halfWidth).rounded(.down))
    }
  }
}

/// Thick lines.
extension Hole {
  /// A point on the raster; integer coordinates are the centers of pixels.
  package struct Point: Equatable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Fills a segment of `width` pixels with flat ends (butt caps), both end points included. An even width lies half a
  /// pixel to the right of or below the line, or to the left of or above it if the line runs that way, as in Pillow's
  /// `ImageDraw.line`. If both ends are the same, this is `fillDisc` of radius 0.
  ///
  /// - Parameter width: In pixels; nothing is filled if it is not positive.
  package mutating func fillSegment(from start: Point, to end: Point, width: Double) {
    guard width > 0 else { return }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let squaredLength = dx * dx + dy * dy
    guard squaredLength > 0 else {
      return fillDisc(centerX: start.x, centerY: start.y, radius: 0)
    }
    // Coordinates along and across the segment are multiplied by its length, so that whole numbers stay exact.
    let along = Strip(slopeX: dx, slopeY: dy, lower: 0, upper: squaredLength, includesLower: true)
    let side: Double = abs(dx) >= abs(dy) ? 1 : -1
    let reach = width / 2 * squaredLength.squareRoot()
    let across = Strip(slopeX: -dy * side, slopeY: dx * side, lower: -reach, upper: reach, includesLower: false)
    let top = min(start.y, end.y) - width / 2
    let bottom = max(start.y, end.y) + width / 2
    for row in rows(from: top, to: bottom) {
      let columns = [along, across].map { $0.columns(row: Double(row), origin: start) }
      fillRow(
        row, from: Double.maximum(columns[0].first, columns[1].first),
        to: Double.minimum(columns[0].last, columns[1].last))
    }
  }

  /// Fills the segments between points that follow one another, `width` pixels wide. Joints are left open on their
  /// outer side; discs of radius `(width - 1) / 2` at the points make them round; the
  /// published code of DeepFill has `width / 2`, a pixel wider than the line.
  package mutating func fillPolyline(through points: [Point], width: Double) {
    for (start, end) in zip(points, points.dropFirst()) {
      fillSegment(from: start, to: end, width: width)
    }
  }
}

/// The pixels between two parallel lines: `slopeX * x + slopeY * y`, measured from an origin, from `lower`, which may be
/// left out, to `upper`.
private struct Strip {
  let slopeX: Double
  let slopeY: Double
  let lower: Double
  let upper: Double
  /// True if pixels on the lower line count; those on the upper one always do.
  let includesLower: Bool

  /// The whole columns of a row within the strip; the first is greater than the last if there are none.
  func columns(row: Double, origin: Hole.Point) -> (first: Double, last: Double) {
    let offset = slopeY * (row - origin.y)
    if slopeX == 0 {
      let isInside = offset <= upper && (includesLower ? offset >= lower : offset > lower)
      return isInside ? (-.infinity, .infinity) : (.infinity, -.infinity)
    }
    let atLower = origin.x + (lower - offset) / slopeX
    let atUpper = origin.x + (upper - offset) / slopeX
    if slopeX > 0 {
      return (includesLower ? atLower.rounded(.up) : atLower.rounded(.down) + 1, atUpper.rounded(.down))
    }
    return (atUpper.rounded(.up), includesLower ? atLower.rounded(.down) : atLower.rounded(.up) - 1)
  }
}

extension Picture {
  /// The picture with one value in every channel of a hole's missing pixels.
  ///
  /// - Precondition: The sizes are the same.
  package func withMissingPixels(of hole: Hole, filledWith value: UInt8) -> Picture {
    precondition(
      (width, height) == (hole.width, hole.height),
      "Picture.withMissingPixels: a hole of \(hole.width)x\(hole.height) in a picture of \(width)x\(height)")
    var result = self
    for (index, isMissing) in hole.values.enumerated() where isMissing != 0 {
      for channel in 0..<channels { result.pixels[index * channels + channel] = value }
    }
    return result
  }
}
