import Foundation
import Support

/// The contents of a scene, before anything is drawn: the same for every picture size.
struct SceneLayout: Sendable {
  /// The lighting of the whole scene.
  let lighting: Lighting
  /// The surfaces seen between the objects.
  let ground: Ground
  /// The objects, the foremost first.
  let objects: [SceneObject]

  /// The scene with that index in the seed's endless series.
  init(seed: UInt64, index: Int) {
    var stream = RandomStream(seed: seed, purpose: "procedural scene", step: index)
    let palette = Palette(using: &stream)
    let lighting = Lighting(using: &stream)
    ground = Ground(palette: palette, using: &stream)
    // From a few objects to heaps that cover the ground.
    let count = Int(exp(stream.uniform(log(3)..<log(140))))
    let smallest = stream.uniform(0.025..<0.06) * (count < 20 ? 2 : 1)
    let largest = stream.uniform(0.2..<0.42)
    objects = (0..<count).map { _ in
      let radius = SceneLayout.radius(from: smallest, to: largest, using: &stream)
      return SceneObject(radius: Float(radius), palette: palette, lighting: lighting, using: &stream)
    }
    self.lighting = lighting
  }

  /// A radius with the density r^-3, which makes the statistics of a picture scale-invariant, like those of natural
  /// scenes (Lee, Mumford and Huang, 2001).
  static func radius(from smallest: Double, to largest: Double, using stream: inout RandomStream) -> Double {
    let ratio = smallest / largest
    return smallest / (1 - stream.uniform() * (1 - ratio * ratio)).squareRoot()
  }
}

extension SceneLayout {
  /// The classes of the surfaces in `LabelClasses.procedural`, by index: the ground, then the objects.
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

  /// True if the texture has parts that repeat.
  fileprivate var isPatterned: Bool {
    switch self {
    case .gradient, .stone, .marble: false
    case .bricks, .cells, .checker, .dots, .hexagons, .scales, .stripes, .weave, .wood: true
    }
  }
}

extension SceneObject {
  /// The class by outline and texture.
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
