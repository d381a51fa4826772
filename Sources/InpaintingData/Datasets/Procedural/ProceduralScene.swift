package import Imaging

/// A generated picture for training without a data set.
package struct ProceduralScene: Equatable, Sendable {
  /// The subject of a series of pictures; the raw values are the names in flags and configurations.
  package enum Kind: String, CaseIterable, Sendable {
    /// Objects that hide each other, over textured grounds: a dead-leaves model (Matheron, 1968; Lee, Mumford and
    /// Huang, 2001). Discs, boxes, blobs and leaves, with the sizes of things in natural scenes, in front of bricks,
    /// boards, stone, tiles, cloth. The patterns repeat, so that the correct fill exists elsewhere in the picture.
    case objects = "procedural"
    /// Sky, mountains, meadows, water, paths, houses and trees, whose colors reveal their classes.
    case landscapes = "procedural_landscapes"

    /// The classes of the pictures' surfaces.
    package var classes: LabelClasses {
      switch self {
      case .objects: .procedural
      case .landscapes: .proceduralLandscapes
      }
    }
  }

  /// `size` x `size`, red, green, blue.
  package let picture: Picture
  /// `size * size` indices of surfaces, row by row. Of objects: 0 is the ground, then the floor if the scene has one,
  /// then the objects, the foremost first. Of landscapes: 0 is the sky, then the parts, the foremost last.
  package let surfaces: [UInt16]
  /// The class of each pixel's surface: neighboring surfaces of one class are not distinguished.
  package let labels: LabelMap

  /// Draws one scene of an endless series: a pure function of its arguments. Another size shows the same scene at
  /// another resolution.
  ///
  /// - Parameters:
  ///   - seed: The series.
  ///   - index: The index of the scene in the series.
  ///   - size: The picture's side in pixels.
  package init(_ kind: Kind = .objects, seed: UInt64, index: Int, size: Int) {
    precondition(size > 0, "ProceduralScene: the size must be positive, not \(size)")
    let drawn: (pixels: [UInt8], surfaces: [UInt16])
    let names: [String]
    switch kind {
    case .objects:
      let layout = SceneLayout(seed: seed, index: index)
      drawn = SceneRenderer(layout, size: size).draw()
      names = layout.surfaceClasses
    case .landscapes:
      let landscape = Landscape(seed: seed, index: index)
      drawn = LandscapeRenderer(landscape: landscape, size: size).draw()
      names = landscape.parts.map(\.className)
    }
    picture = Picture(width: size, height: size, channels: 3, pixels: drawn.pixels)
    surfaces = drawn.surfaces
    let surfaceClasses = names.map { name in
      guard let index = kind.classes.index(named: name) else {
        preconditionFailure("ProceduralScene: expected a class of \(kind.classes.name), found \(name)")
      }
      return index
    }
    labels = LabelMap(
      width: size, height: size, values: surfaces.map { surfaceClasses[Int($0)] }, classes: kind.classes)
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
