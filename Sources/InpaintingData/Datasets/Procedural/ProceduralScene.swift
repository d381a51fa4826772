import Imaging

/// A generated picture for training without a data set: objects that hide each other, over textured grounds.
///
/// A dead-leaves model (Matheron, 1968; Lee, Mumford and Huang, 2001): discs, boxes, blobs and leaves, with the sizes
/// of things in natural scenes, in front of bricks, boards, stone, tiles, cloth. The patterns repeat, so what is
/// missing has a right answer elsewhere in the picture.
package struct ProceduralScene: Equatable, Sendable {
  /// `size` x `size`, red, green, blue.
  package let picture: Picture
  /// `size * size` numbers of surfaces, by rows: 0 is the ground, then the floor if the scene has one, then the
  /// objects, the foremost first.
  package let surfaces: [UInt16]
  /// The index of a class in `LabelClasses.procedural` for each surface.
  private let surfaceClasses: [UInt8]

  /// Draws one scene of an endless series: a pure function of its arguments. Another size shows the same scene at
  /// another resolution.
  ///
  /// - Parameters:
  ///   - seed: Which series.
  ///   - index: Which scene of the series.
  ///   - size: The picture's side in pixels.
  package init(seed: UInt64, index: Int, size: Int) {
    precondition(size > 0, "ProceduralScene: the size must be positive, not \(size)")
    let layout = SceneLayout(seed: seed, index: index)
    let drawn = SceneRenderer(layout, size: size).draw()
    picture = Picture(width: size, height: size, channels: 3, pixels: drawn.pixels)
    surfaces = drawn.surfaces
    surfaceClasses = layout.surfaceClasses
  }

  /// The class of each pixel's surface in `LabelClasses.procedural`: neighboring objects of one class are not told apart.
  package var labels: LabelMap {
    LabelMap(
      width: picture.width, height: picture.height, values: surfaces.map { surfaceClasses[Int($0)] },
      classes: .procedural)
  }

  /// 1 where a pixel's right or lower neighbor shows another surface, 0 elsewhere.
  package var edges: EdgeMap {
    let size = picture.width
    var values = [UInt8](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        let pixel = row * size + column
        let right = column + 1 < size ? surfaces[pixel + 1] : surfaces[pixel]
        let below = row + 1 < size ? surfaces[pixel + size] : surfaces[pixel]
        if surfaces[pixel] != right || surfaces[pixel] != below { values[pixel] = 1 }
      }
    }
    return EdgeMap(width: size, height: size, values: values)
  }
}
