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
  package let labels: [UInt16]

  /// Draws one scene of an endless series: a pure function of its arguments. Another size shows the same scene at
  /// another resolution.
  ///
  /// - Parameters:
  ///   - seed: Which series.
  ///   - index: Which scene of the series.
  ///   - size: The picture's side in pixels.
  package init(seed: UInt64, index: Int, size: Int) {
    precondition(size > 0, "ProceduralScene: the size must be positive, not \(size)")
    let drawn = SceneRenderer(SceneLayout(seed: seed, index: index), size: size).draw()
    picture = Picture(width: size, height: size, channels: 3, pixels: drawn.pixels)
    labels = drawn.labels
  }

  /// The borders of the surfaces: 1 where a pixel's right or lower neighbour shows another surface, 0 elsewhere.
  package var edges: EdgeMap {
    let size = picture.width
    var pixels = [UInt8](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        let pixel = row * size + column
        let right = column + 1 < size ? labels[pixel + 1] : labels[pixel]
        let below = row + 1 < size ? labels[pixel + size] : labels[pixel]
        if labels[pixel] != right || labels[pixel] != below { pixels[pixel] = 1 }
      }
    }
    return EdgeMap(width: size, height: size, values: pixels)
  }
}
