extension SceneLayout {
  /// The classes of the surfaces in `LabelClasses.procedural`, by their numbers: the ground, then the objects.
  var surfaceClasses: [String] { ground.kinds.map(\.groundClass) + objects.map(\.className) }
}

extension TextureKind {
  /// The class of a wall or floor of this kind.
  fileprivate var groundClass: String {
    switch self {
    case .gradient: "plain ground"
    case .stone, .marble: "stone ground"
    case .bricks: "brick ground"
    case .wood: "wooden ground"
    case .cells, .checker, .dots, .hexagons, .scales: "tiled ground"
    case .stripes, .weave: "woven ground"
    }
  }

  /// Tells whether the texture has parts that repeat.
  fileprivate var isPatterned: Bool {
    switch self {
    case .gradient, .stone, .marble: false
    case .bricks, .cells, .checker, .dots, .hexagons, .scales, .stripes, .weave, .wood: true
    }
  }
}

extension SceneObject {
  /// The class of the outline and the paint.
  fileprivate var className: String {
    let paint = material.kind.isPatterned ? "patterned" : "plain"
    return switch outline {
    case .disc: "\(paint) disc"
    case .box: "\(paint) box"
    case .blob: "\(paint) blob"
    // Too few and too narrow to be two classes.
    case .leaf: "leaf"
    }
  }
}
